#pragma once

#include "core/station/slot_devices.h"
#include "core/station/slot_news.h"

namespace enroll::station {

/// The rule "device-serial": each device says its serial number, and that is bound to its slot. A value without a thread, a
/// clock or a device.
///
/// A serial number that a look heard has its slot at once only if
/// - no other device says it, and none is tested as it,
/// - its slot is empty, or shows a PASS that gives way,
/// - the device is not doubted (SlotDevices): neither the one that was tested there, nor one that somebody took back, nor
///   one that was in when the program began,
/// - no other slot shows its result, unless the device of that is out for certain.
///
/// Every other device is asked about: its label, scanned, answers for whoever is doubted, and nothing for a device that says
/// no serial number. Where a label and a device do not say the same, nothing is bound: no serial number waits in a slot whose
/// device says another one, as far as the latest look heard.
class AnnouncedSerials {
public:
    /// The slot for a serial number that was scanned, and neither waits nor runs.
    /// \par Errors   B-609 (\p wanted runs), B-632 (its device says another one), B-631 (no device says this one), B-633
    ///               (two do), B-602 (the device in another slot than \p wanted does); where nobody chose a slot also B-605
    ///               (a slot shows its result, and its device may still be in) and B-612 (its slot shows another one's
    ///               result that does not give way, and the device of that may still be in)
    [[nodiscard]] Result<enrollment::SlotNumber> place(const enrollment::SerialNumber& serial,
                                                       std::optional<enrollment::SlotNumber> wanted,
                                                       const SlotStates& states, const SlotDevices& devices) const;

    /// Error B-632, whose subject is what the device says, if the one in \p wanted says another serial number than \p serial.
    [[nodiscard]] Result<void> requireSame(const enrollment::SerialNumber& serial,
                                           std::optional<enrollment::SlotNumber> wanted) const;

    /// Takes \p look, of which SlotDevices made \p changes, and says what follows from it that was not said before.
    std::vector<SlotNews> settle(const Look& look, const DeviceChanges& changes, const SlotStates& states,
                                 const SlotDevices& devices);

    /// Takes the states as they are now; to be called after every change.
    void follow(const SlotStates& states);

    /// What the device in \p slot says; none: it says none, the latest look found no device, or it is being tested.
    [[nodiscard]] std::optional<enrollment::SerialNumber> saidIn(enrollment::SlotNumber slot) const;

    bool operator==(const AnnouncedSerials&) const = default;

private:
    struct View {
        const Look& look;
        const DeviceChanges& changes;
        const SlotStates& states;
        const SlotDevices& devices;
    };
    void hear(const View& view);
    [[nodiscard]] std::optional<SlotNews> ofSlot(enrollment::SlotNumber slot, const View& view) const;
    [[nodiscard]] std::optional<SlotNews> ofWaiting(enrollment::SlotNumber slot, const View& view) const;
    [[nodiscard]] std::optional<SlotNews> ofUnbound(enrollment::SlotNumber slot, const enrollment::SerialNumber& said,
                                                    const View& view) const;
    [[nodiscard]] std::optional<enrollment::SlotNumber>
    otherThatSays(const enrollment::SerialNumber& serial, enrollment::SlotNumber slot, const SlotStates& states) const;

    std::map<enrollment::SlotNumber, enrollment::SerialNumber> m_said;
    std::map<enrollment::SlotNumber, SlotNews> m_told; ///< the latest of each device
};

} // namespace enroll::station
