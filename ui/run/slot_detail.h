#pragma once

#include "ui/run/detail_content.h"
#include "ui/theme/theme.h"

#include <QScrollBar>
#include <QWidget>

namespace enroll::ui {

class SidePainting;

/// Everything that is known of one slot: what to do, what was found, its steps, its key and certificate. Never takes the
/// focus: scans and keys go on as if it were not there.
class SlotDetail final : public QWidget {
    Q_OBJECT

public:
    explicit SlotDetail(const Theme& theme, QWidget* parent = nullptr);

    /// Repaints for a change only. Raises no alert: the slot's tile does.
    void show(const DetailContent& content);
    using QWidget::show;
    [[nodiscard]] const DetailContent& content() const { return m_content; }

    /// Back to the first line: another slot is shown from here on.
    void rewind();
    /// What does not fit is turned over by pages.
    void pageDown() { m_scroll->triggerAction(QScrollBar::SliderPageStepAdd); }
    void pageUp() { m_scroll->triggerAction(QScrollBar::SliderPageStepSub); }

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;

private:
    void arrange();
    [[nodiscard]] QRectF frame() const;
    /// Where the rows are.
    [[nodiscard]] QRectF area() const;
    /// The height of everything at \p scale.
    [[nodiscard]] double heightAt(double scale) const;
    void paintAll(SidePainting& side) const;
    void paintHead(SidePainting& side) const;
    void paintFindings(SidePainting& side) const;
    void paintSteps(SidePainting& side) const;

    enum class Scrolls { No, Yes };

    const Theme& m_theme;
    DetailContent m_content;
    QScrollBar* m_scroll;
    Scrolls m_scrolls = Scrolls::No;
    double m_scale = 1;
};

} // namespace enroll::ui
