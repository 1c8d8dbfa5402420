#pragma once

#include "core/enrollment/pairing_rule.h"
#include "core/station/slot_states.h"

#include <set>

namespace enroll::station {

/// Decides where a scanned serial number goes, by one of the rules of `[station] pairing`. A value without a thread, a
/// clock or a device; it reads the slots' states and changes none of them.
///
/// Next-slot. Whoever scans a label has the device in hand and must know where to put it. So the slot that gets the next
/// serial number is marked before the scan, and the marks follow the slots in the order of the fixture, round after
/// round: the order in which tests happen to end never decides.
///
/// - Free is a slot that is empty. When none is free and nothing waits or runs, the round is over: every PASS then gives
///   way, in its turn.
/// - The mark is on the free slot with the lowest number, and stays there until it is used or its slot is not free any
///   more.
/// - Any other result stays until somebody acknowledges it or chooses its slot: a FAIL that the next scan wiped away
///   would be seen by nobody. One that asks for another scan of its own serial number gives way to that, in its slot (SlotBoard).
/// - A slot that a person chose gets the serial number, or nothing does: while it runs, the mark is no substitute for it.
///
/// Slot-then-serial. A serial number goes to the slot that a person chose for it, and to no other. The only slot of a
/// fixture needs no choice: there the rule is next-slot.
///
/// Insert marks no slot: see SerialInHand.
class Pairing {
public:
    explicit Pairing(enrollment::PairingRule rule) : m_rule(rule) {}

    [[nodiscard]] enrollment::PairingRule rule() const noexcept { return m_rule; }

    /// Where the next serial number goes: to \p wanted, which a person chose, or to the marked slot if nobody chose one.
    /// None while there is no such slot, or the chosen one runs.
    [[nodiscard]] std::optional<enrollment::SlotNumber> target(const SlotStates& states,
                                                               std::optional<enrollment::SlotNumber> wanted) const;

    /// The slot for a serial number that neither waits nor runs.
    /// \par Errors   B-609 (the chosen slot runs), B-605 (a slot shows its result, and nobody chose a slot), B-604 (no
    ///               slot is free before a run ends), B-607 (or before those that wait are started), B-606 (every slot
    ///               shows a result that does not give way); by slot-then-serial B-608 (no slot is chosen)
    [[nodiscard]] Result<enrollment::SlotNumber> place(const enrollment::SerialNumber& serial,
                                                       std::optional<enrollment::SlotNumber> wanted,
                                                       const SlotStates& states) const;

    /// Takes the states as they are now; to be called after every change.
    void follow(const SlotStates& states);

    bool operator==(const Pairing&) const = default;

private:
    [[nodiscard]] bool marks(const SlotStates& states) const;
    [[nodiscard]] bool isFree(enrollment::SlotNumber slot, const SlotState& state) const;
    [[nodiscard]] std::optional<enrollment::SlotNumber> firstFree(const SlotStates& states) const;

    enrollment::PairingRule m_rule;
    std::set<enrollment::SlotNumber> m_givingWay; ///< slots whose PASS is from a round that is over
    std::optional<enrollment::SlotNumber> m_next; ///< the mark
};

} // namespace enroll::station
