#pragma once

#include "core/station/slot_state.h"

#include <map>
#include <optional>
#include <vector>

namespace enroll::station {

/// Where a serial went.
struct Binding {
    enrollment::SlotNumber slot;
    std::optional<enrollment::SerialNumber> gaveWay; ///< waited in that slot and waits nowhere now
    bool operator==(const Binding&) const = default;
};

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

    /// The slot where this serial waits or runs.
    [[nodiscard]] std::optional<enrollment::SlotNumber> slotOf(const enrollment::SerialNumber& serial) const;

    /// Binds a serial to a slot.
    ///
    /// In this order: the slot where it waits already, so that a label that was read twice changes nothing; \p wanted
    /// unless it runs; the slot that shows this serial's last result, so that a second scan is a second try; the first
    /// empty slot; the slot whose result has been on show for longest. A result is cleared by this call and by nothing
    /// else. A serial that waits gives way only in \p wanted.
    /// \par Errors  B-602 (the serial runs, or waits in another slot than \p wanted), B-604 (every slot waits or runs)
    Result<Binding> bind(const enrollment::SerialNumber& serial, std::optional<enrollment::SlotNumber> wanted);

    /// nextState() on one slot; events of slots that are not on this board change nothing.
    void apply(enrollment::SlotNumber slot, const SlotEvent& event);

private:
    [[nodiscard]] std::optional<enrollment::SlotNumber> slotFor(const enrollment::SerialNumber& serial,
                                                                std::optional<enrollment::SlotNumber> wanted) const;

    std::map<enrollment::SlotNumber, SlotState> m_states;
};

/// The serial a slot shows, if it shows one.
std::optional<enrollment::SerialNumber> serialOf(const SlotState& state);

} // namespace enroll::station
