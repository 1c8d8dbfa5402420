#pragma once

#include "ui/model/caption.h"
#include "ui/model/station_condition.h"
#include "ui/shell/bar_row.h"
#include "ui/theme/theme.h"
#include "ui/widgets/screen_scale.h"

#include <QWidget>

#include <vector>

class QMenu;

namespace enroll::ui {

class NavigationTab;
enum class TabPadding;

/// What the app bar says beside the names of the screens.
struct AppBarContent {
    QString station;
    QString line;
    Caption caption; ///< of the screen shown
    StationCondition condition;
    std::optional<int> queued; ///< absent while not known
    QString clock;
    bool operator==(const AppBarContent&) const = default;
};

/// Which station this is, which screens there are, whether the station is sound, what waits for the cloud, and the
/// time. A single screen needs no navigation: there are then no tabs, and the bar is as high as people stand far.
///
/// In a narrow window tabs move closer together; those that still have no room are folded into a menu, so that the
/// station's condition is never covered. Tabs stand still while neither the window, the person who is signed in nor the number
/// of records changes.
class AppBar final : public QWidget {
    Q_OBJECT

public:
    explicit AppBar(const Theme& theme, QWidget* parent = nullptr);

    void addTab(const QString& title);
    void setCurrent(int tab);
    /// From the left; hidden while there is one screen, and those that are folded.
    [[nodiscard]] const std::vector<NavigationTab*>& tabs() const { return m_tabs; }

    void show(const AppBarContent& content);
    using QWidget::show;
    void setScale(const ScreenScale& scale);
    [[nodiscard]] const AppBarContent& content() const { return m_content; }
    /// Shown while tabs are folded; a click shows their names.
    [[nodiscard]] NavigationTab& more() const { return *m_more; }
    [[nodiscard]] QMenu& menu() const { return *m_menu; }
    /// Where the station's condition stands, and what of its words there is room for.
    [[nodiscard]] QRectF conditionArea() const;
    [[nodiscard]] QString conditionShown() const;
    /// What of the name of whoever is signed in there is room for; empty: nobody is.
    [[nodiscard]] QString personShown() const;

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
    /// Returns where the last tab ends.
    double placeTabs(const BarStyle& style, double from, double to);
    [[nodiscard]] std::vector<NavigationTab*> tabsInBar() const;
    [[nodiscard]] double widthOfTabs(TabPadding padding) const;
    void unfold();
    [[nodiscard]] bool foldsCurrent() const;

    const Theme& m_theme;
    AppBarContent m_content;
    ScreenScale m_window; ///< as the window wants it: the outer margin is that of the screen below
    ScreenScale m_scale;  ///< of this bar: smaller where there are tabs
    std::vector<NavigationTab*> m_tabs;
    std::size_t m_inBar = 0; ///< so many tabs from the left are not folded
    NavigationTab* m_more;
    QMenu* m_menu;
    std::vector<BarGroup> m_station; ///< left of the tabs; empty where there are none
    BarRow m_row;
    double m_leastLeft = 0; ///< of the captions until now, so that no tab moves when another screen is shown
};

} // namespace enroll::ui
