#pragma once

#include "ui/theme/theme.h"
#include "ui/widgets/screen_scale.h"

#include <QAbstractButton>

namespace enroll::ui {

enum class TabPadding { Wide, Narrow };

inline constexpr double kTabText = 20;

/// The name of a screen in the app bar; checked while that screen is shown.
class NavigationTab final : public QAbstractButton {
    Q_OBJECT

public:
    NavigationTab(const QString& title, const Theme& theme, QWidget* parent);

    void setLook(const ScreenScale& scale, TabPadding padding);
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    /// At either side of the name.
    [[nodiscard]] double padding() const;

    const Theme& m_theme;
    ScreenScale m_scale;
    TabPadding m_padding = TabPadding::Wide;
};

} // namespace enroll::ui
