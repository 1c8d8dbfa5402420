#pragma once

#include "ui/model/caption.h"
#include "ui/model/station_condition.h"
#include "ui/theme/theme.h"
#include "ui/widgets/screen_scale.h"

#include <QWidget>

#include <vector>

namespace enroll::ui {

class NavigationTab;

/// What the app bar shows beside the names of the screens.
struct AppBarContent {
    QString station;
    QString line;
    Caption caption; ///< of the screen shown
    StationCondition condition;
    std::optional<int> queued; ///< absent while not known
    QString clock;
    bool operator==(const AppBarContent&) const = default;
};

/// The bar at the top: station, screens, condition of the station, records that wait for the cloud, time. With one
/// screen there are no tabs, and the bar is sized for the distance of the people; with tabs it is sized for the desk.
class AppBar final : public QWidget {
    Q_OBJECT

public:
    explicit AppBar(const Theme& theme, QWidget* parent = nullptr);

    void addTab(const QString& title);
    void setCurrent(int tab);
    /// From the left; hidden while there is one screen.
    [[nodiscard]] const std::vector<NavigationTab*>& tabs() const { return m_tabs; }

    void show(const AppBarContent& content);
    using QWidget::show;
    void setScale(const ScreenScale& scale);
    [[nodiscard]] const AppBarContent& content() const { return m_content; }

Q_SIGNALS:
    /// A tab was clicked.
    void chosen(int tab);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    [[nodiscard]] bool navigates() const { return m_tabs.size() > 1; }
    /// Puts height, tabs and texts in their places.
    void arrange();

    const Theme& m_theme;
    AppBarContent m_content;
    ScreenScale m_window; ///< the window's
    ScreenScale m_scale;  ///< the bar's: smaller if there are tabs
    std::vector<NavigationTab*> m_tabs;
};

} // namespace enroll::ui
