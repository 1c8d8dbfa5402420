#pragma once

#include "core/station/slot_state.h"

#include <map>
#include <optional>
#include <vector>

namespace enroll::station {

/// The slot that a serial number was bound to.
struct Binding {
    enrollment::SlotNumber slot;
    std::optional<enrollment::SerialNumber> gaveWay; ///< the serial number that waited there before, now unbound
    bool operator==(const Binding&) const = default;
};

/// The slots of a fixture with their states, and the rule for where a scanned serial number goes. A value without a
/// thread, a clock or a device.
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

    /// The slot where this serial number waits or runs; a finished slot does not count.
    [[nodiscard]] std::optional<enrollment::SlotNumber> slotOf(const enrollment::SerialNumber& serial) const;

    /// Binds a serial number to a slot, the first of these that applies:
    /// 1. the slot where it waits already: reading a label twice changes nothing;
    /// 2. \p wanted, unless a run is going on there; a serial number that waits there gives way;
    /// 3. the slot that shows this serial number's last result: a second scan is a second try;
    /// 4. the first empty slot;
    /// 5. the slot whose result was there first.
    ///
    /// Only this call clears a result. A serial number that waits gives way in case 2 alone.
    /// \par Errors   B-602 (the serial number runs, or waits in another slot than \p wanted), B-604 (every slot waits
    ///               or runs)
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
