#pragma once

#include "core/station/slot_devices.h"

namespace enroll::station {

/// What a look decided about devices that appeared.
struct Arrivals {
    std::optional<enrollment::SlotNumber> forHand; ///< the device of the serial number in hand is here
    std::vector<enrollment::SlotNumber> unnamed{}; ///< devices without a serial number: asked about
};

/// The rule "insert": a scanned serial number waits in hand, and belongs to the slot where a device appears next. A value
/// without a thread, a clock or a device.
///
/// Looks come one after another and take time, and a person is faster. So a device belongs to the serial number in hand
/// only if
/// - its slot was seen empty by a look that began after the scan,
/// - the look after the one that found it found no other,
/// - no device that was asked about, before the scan or since, is still without an answer,
/// - since the scan no device left with a serial number of its own, as far as a look before its test or the end of that told,
///   and no other label was scanned: it may be the one that comes,
/// - its slot shows no serial number that waits, and no result but its own, or a PASS that gives way: any other may have
///   asked for its device again,
/// - its device is not doubted.
///
/// Every other device is asked about: choosing its slot and scanning its serial number answers. One serial number at a
/// time waits for a device, in hand or in a slot, but for those whose slots were chosen: by a person, or by a tile.
class SerialInHand {
public:
    [[nodiscard]] const std::optional<enrollment::SerialNumber>& serial() const noexcept { return m_serial; }

    /// The slot for a serial number that neither waits nor runs; none: it is in hand now.
    /// \par Errors   B-609 (\p wanted runs), B-610 (another one is in hand), B-611 (another one waits in a slot for its
    ///               device), B-605 (a slot shows its result, its device may still be in, and nobody chose a slot), B-612
    ///               (the device of another one's result is still in \p wanted)
    Result<std::optional<enrollment::SlotNumber>> place(const enrollment::SerialNumber& serial,
                                                        std::optional<enrollment::SlotNumber> wanted,
                                                        const SlotStates& states, const SlotDevices& devices);
    void drop();

    /// The device that appears now in \p slot, and no other with it, is that of the serial number in hand.
    [[nodiscard]] bool expects(enrollment::SlotNumber slot) const
    {
        return m_serial && m_unnamed.empty() && !m_otherMayCome && m_seenEmpty.contains(slot);
    }

    /// Whose device is in \p slot is not known any more.
    void ask(enrollment::SlotNumber slot);
    /// Another device may come first: one left before its run or in it, or a label was scanned and refused. The next scan of the
    /// serial number in hand says that it is its turn again.
    void lost() { m_otherMayCome = m_serial.has_value(); }

    /// \p changes are what SlotDevices made of \p look.
    Arrivals settle(const Look& look, const DeviceChanges& changes, const SlotStates& states,
                    const SlotDevices& devices);

    /// Takes states and devices as they are now; to be called after every change.
    void follow(const SlotStates& states, const SlotDevices& devices);

    /// The slot holds a device that was asked about, and nobody answered yet.
    [[nodiscard]] bool unnamed(enrollment::SlotNumber slot) const { return m_unnamed.contains(slot); }
    /// A device came into \p slot, and the next look tells whether it is the only one.
    [[nodiscard]] bool arriving(enrollment::SlotNumber slot) const { return m_arriving.contains(slot); }

    bool operator==(const SerialInHand&) const = default;

private:
    std::optional<enrollment::SerialNumber> m_serial;
    std::set<enrollment::SlotNumber> m_seenEmpty; ///< since it was scanned
    std::set<enrollment::SlotNumber> m_arriving;  ///< found by the latest look, not decided yet
    std::set<enrollment::SlotNumber> m_unnamed;
    bool m_otherMayCome = false; ///< since it was scanned, another device may come first
};

} // namespace enroll::station
