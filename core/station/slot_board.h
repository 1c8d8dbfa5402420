#pragma once

#include "core/station/slot_state.h"

#include <map>
#include <optional>
#include <vector>

namespace enroll::station {

/// The slots of a fixture with their states, and the rule that says where a scanned serial goes. A value: no thread, no
/// clock, no device.
class SlotBoard {
public:
    explicit SlotBoard(const std::vector<enrollment::SlotNumber>& slots);

    /// Every slot, in order.
    [[nodiscard]] std::vector<enrollment::SlotNumber> slots() const;
    [[nodiscard]] bool has(enrollment::SlotNumber slot) const noexcept { return m_states.contains(slot); }
    /// The caller asks for slots of this board only (asserted).
    [[nodiscard]] const SlotState& state(enrollment::SlotNumber slot) const;
    [[nodiscard]] std::vector<enrollment::SlotNumber> ready() const;
    [[nodiscard]] std::vector<enrollment::SlotNumber> running() const;

    /// Binds a serial to a slot and returns that slot.
    ///
    /// In this order: \p wanted unless it runs; the slot that shows this serial's last result, so that a second scan is
    /// a second try; the first empty slot; the slot whose result has been on show for longest. A result is cleared by
    /// this call and by nothing else.
    /// \par Errors  B-602 (the serial waits or runs in another slot), B-604 (every slot waits or runs)
    Result<enrollment::SlotNumber> bind(const enrollment::SerialNumber& serial,
                                        std::optional<enrollment::SlotNumber> wanted);

    /// nextState() on one slot; events of slots that are not on this board change nothing.
    void apply(enrollment::SlotNumber slot, const SlotEvent& event);

private:
    [[nodiscard]] std::optional<enrollment::SlotNumber> occupiedBy(const enrollment::SerialNumber& serial) const;
    [[nodiscard]] std::optional<enrollment::SlotNumber> slotFor(const enrollment::SerialNumber& serial,
                                                                std::optional<enrollment::SlotNumber> wanted) const;

    std::map<enrollment::SlotNumber, SlotState> m_states;
};

/// The serial a slot shows, if it shows one.
std::optional<enrollment::SerialNumber> serialOf(const SlotState& state);

} // namespace enroll::station
