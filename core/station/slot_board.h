#pragma once

#include "core/station/pairing.h"

namespace enroll::station {

/// The slot that a serial number was bound to.
struct Binding {
    enrollment::SlotNumber slot;
    std::optional<enrollment::SerialNumber> gaveWay; ///< the serial number that waited there before, now unbound
    bool operator==(const Binding&) const = default;
};

/// The slots of a fixture with their states; where a scanned serial number goes is decided by Pairing. A value without a
/// thread, a clock or a device.
class SlotBoard {
public:
    explicit SlotBoard(const std::vector<enrollment::SlotNumber>& slots,
                       enrollment::PairingRule rule = enrollment::PairingRule::NextSlot);

    [[nodiscard]] enrollment::PairingRule rule() const noexcept { return m_pairing.rule(); }
    /// Every slot, in order.
    [[nodiscard]] std::vector<enrollment::SlotNumber> slots() const;
    [[nodiscard]] bool has(enrollment::SlotNumber slot) const noexcept { return m_states.contains(slot); }
    /// The caller asks for slots of this board only (asserted).
    [[nodiscard]] const SlotState& state(enrollment::SlotNumber slot) const;
    [[nodiscard]] std::vector<enrollment::SlotNumber> ready() const;
    [[nodiscard]] std::vector<enrollment::SlotNumber> running() const;

    [[nodiscard]] std::optional<enrollment::SlotNumber> slotOf(const enrollment::SerialNumber& serial) const;
    [[nodiscard]] std::optional<enrollment::SlotNumber> resultOf(const enrollment::SerialNumber& serial) const;
    /// Pairing::target().
    [[nodiscard]] std::optional<enrollment::SlotNumber> target(std::optional<enrollment::SlotNumber> wanted) const;

    /// Binds a serial number to the slot that Pairing::place() finds. What is bound already and waits stays where it is:
    /// reading a label twice changes nothing. A serial number that waits in \p wanted gives way.
    ///
    /// Only this call clears a result.
    /// \par Errors   B-602 (the serial number runs, or waits in another slot than \p wanted), and those of
    ///               Pairing::place()
    Result<Binding> bind(const enrollment::SerialNumber& serial, std::optional<enrollment::SlotNumber> wanted);

    /// Takes the serial number that waits in \p slot out of it, and returns it. None, and nothing changes, if none waits
    /// there.
    std::optional<enrollment::SerialNumber> takeBack(enrollment::SlotNumber slot);

    /// nextState() on one slot; events of slots that are not on this board change nothing.
    void apply(enrollment::SlotNumber slot, const SlotEvent& event);

    bool operator==(const SlotBoard&) const = default;

private:
    SlotStates m_states;
    Pairing m_pairing;
};

} // namespace enroll::station
