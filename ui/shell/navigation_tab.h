#pragma once

#include "ui/theme/theme.h"
#include "ui/widgets/screen_scale.h"

#include <QAbstractButton>

namespace enroll::ui {

/// A button with the name of a screen, in the app bar; checked while that screen is shown.
class NavigationTab final : public QAbstractButton {
    Q_OBJECT

public:
    NavigationTab(const QString& title, const Theme& theme, QWidget* parent);

    void setScale(const ScreenScale& scale);
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& m_theme;
    ScreenScale m_scale;
};

} // namespace enroll::ui
