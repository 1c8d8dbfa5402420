#pragma once

#include "ui/run/slot_detail.h"
#include "ui/run/slot_side_panel.h"

namespace enroll::ui {

/// The place beside the tiles: the side panel of a single slot, or the detail of one slot while it is open. Hidden where
/// it has neither.
class SlotPane final : public QWidget {
    Q_OBJECT

public:
    SlotPane(const std::vector<enrollment::SlotNumber>& slots, const Theme& theme, QWidget* parent = nullptr);

    /// Shows what concerns the pane of \p state, which is that of the slot in \p context.
    void show(const station::SlotState& state, const TileContext& context);
    using QWidget::show;

    /// The next show() of \p slot fills it.
    void open(enrollment::SlotNumber slot);
    /// False, and nothing changes, if no detail is open.
    bool close();
    /// The slot whose detail is open.
    [[nodiscard]] std::optional<enrollment::SlotNumber> openSlot() const { return m_open; }
    [[nodiscard]] SlotDetail& detail() { return *m_detail; }

private:
    void arrange();

    SlotSidePanel* m_side; ///< null where there are several slots
    SlotDetail* m_detail;
    std::optional<enrollment::SlotNumber> m_open;
};

} // namespace enroll::ui
