#pragma once

#include "core/station/slot_state.h"

#include <map>
#include <optional>
#include <set>
#include <vector>

namespace enroll::station {

/// The slot that a serial number was bound to.
struct Binding {
    enrollment::SlotNumber slot;
    std::optional<enrollment::SerialNumber> gaveWay; ///< the serial number that waited there before, now unbound
    bool operator==(const Binding&) const = default;
};

/// The slots of a fixture with their states, and the rule for where a scanned serial number goes: "next-slot". A value
/// without a thread, a clock or a device.
///
/// Whoever scans a label has the device in hand and must know where to put it. So the slot that gets the next serial
/// number is marked before the scan, and the marks follow the slots in the order of the fixture, round after round: the
/// order in which tests happen to end never decides.
///
/// - Free is a slot that is empty. When none is free and nothing waits or runs, the round is over: every PASS then gives
///   way, in its turn.
/// - The mark is on the free slot with the lowest number, and stays there until it is used or its slot is not free any
///   more.
/// - Any other result stays until somebody chooses its slot: a FAIL that the next scan wiped away would be seen by nobody.
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

    /// The slot that shows this serial number's result.
    [[nodiscard]] std::optional<enrollment::SlotNumber> resultOf(const enrollment::SerialNumber& serial) const;

    /// Where the next serial number goes: to \p wanted, which a person chose, unless it runs; else to the marked slot.
    /// None while there is no such slot.
    [[nodiscard]] std::optional<enrollment::SlotNumber> target(std::optional<enrollment::SlotNumber> wanted) const;

    /// Binds a serial number to its target(). What is bound already and waits stays where it is: reading a label twice
    /// changes nothing. A serial number that waits in \p wanted gives way.
    ///
    /// Only this call clears a result.
    /// \par Errors   B-602 (the serial number runs, or waits in another slot than \p wanted), B-604 (no slot is free
    ///               before a run ends), B-607 (or before those that wait are started), B-605 (a slot shows this serial number's result, and nobody chose a slot), B-606
    ///               (every slot shows a result that does not give way)
    Result<Binding> bind(const enrollment::SerialNumber& serial, std::optional<enrollment::SlotNumber> wanted);

    /// nextState() on one slot; events of slots that are not on this board change nothing.
    void apply(enrollment::SlotNumber slot, const SlotEvent& event);

private:
    [[nodiscard]] bool isFree(enrollment::SlotNumber slot) const;
    [[nodiscard]] std::optional<enrollment::SlotNumber> firstFree() const;
    [[nodiscard]] bool busy() const;
    [[nodiscard]] Error noTarget(const enrollment::SerialNumber& serial) const;
    void moveMark();

    std::map<enrollment::SlotNumber, SlotState> m_states;
    std::set<enrollment::SlotNumber> m_givingWay; ///< slots whose PASS is from a round that is over
    std::optional<enrollment::SlotNumber> m_next; ///< the mark
};

/// The serial a slot shows, if it shows one.
std::optional<enrollment::SerialNumber> serialOf(const SlotState& state);

} // namespace enroll::station
