#pragma once

#include "ui/model/journal_view.h"
#include "ui/theme/theme.h"
#include "ui/widgets/screen_scale.h"

#include <QWidget>

namespace enroll::ui {

/// The devices of the shift, or of today, by their last verdict, and the yield, with their rules in the tooltip.
/// Station faults and stopped runs are not counted.
class ShiftCounters final : public QWidget {
    Q_OBJECT

public:
    explicit ShiftCounters(const Theme& theme, QWidget* parent = nullptr);

    /// Absent: not known yet, shown as dashes.
    void show(const std::optional<ShiftCount>& count);
    using QWidget::show;
    void setScale(const ScreenScale& scale);
    /// Leaves out, in this order, as little as lets the rest stand in \p width: the words under the numbers, the yield,
    /// everything.
    void fitInto(double width);
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    enum class Shown { Everything, Numbers, Verdicts, Nothing };
    [[nodiscard]] double widthOf(Shown shown) const;

    const Theme& m_theme;
    Shown m_shown = Shown::Everything;
    std::optional<ShiftCount> m_count;
    ScreenScale m_scale;
};

/// "95.8 %"; a dash while there is none.
QString yieldText(const std::optional<double>& yield);

} // namespace enroll::ui
