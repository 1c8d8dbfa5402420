#pragma once

#include "core/base/error.h"
#include "ui/theme/theme.h"
#include "ui/widgets/screen_scale.h"

#include <QWidget>

#include <optional>

namespace enroll::ui {

/// Across the whole screen, while the station may not test: what happened, readable from two metres, who can end it, and
/// for them which file and which limit it was. Visible only then.
class StationStop final : public QWidget {
    Q_OBJECT

public:
    explicit StationStop(const Theme& theme, QWidget* parent = nullptr);

    /// Absent: testing goes on.
    void show(const std::optional<Error>& reason);
    using QWidget::show;
    void setScale(const ScreenScale& scale);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& m_theme;
    ScreenScale m_scale;
    QString m_headline;
    QString m_next;
    QString m_details;
};

} // namespace enroll::ui
