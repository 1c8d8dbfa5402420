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
/// - no slot shows its result: nobody asked for another test,
/// - no two devices ever said it: one of them is not what it says, and may come back.
///
/// Every other device is asked about: its label, scanned, answers for whoever is doubted, and nothing for a device that says
/// no serial number. Where a label and a device do not say the same, nothing is bound: no serial number waits in a slot whose
/// device says another one, as far as the latest look heard.
class AnnouncedSerials {
public:
    /// The slot for a serial number that was scanned, and neither waits nor runs.
    /// \par Errors   B-609 (\p wanted runs), B-632 (its device says another one), B-631 (no device says this one), B-633
    ///               (two do), B-602 (the device in another slot than \p wanted does); where nobody chose a slot also B-605
    ///               (a slot shows its result, and its device may still be in) and B-634 (its slot shows another one's
    ///               verdict that does not give way, and the device of that may still be in)
    [[nodiscard]] Result<enrollment::SlotNumber> place(const enrollment::SerialNumber& serial,
                                                       std::optional<enrollment::SlotNumber> wanted,
                                                       const SlotStates& states, const SlotDevices& devices) const;

    /// Error B-632, whose subject is what the device says, if the one in \p wanted says another serial number than \p serial.
    [[nodiscard]] Result<void> requireSame(const enrollment::SerialNumber& serial,
                                           std::optional<enrollment::SlotNumber> wanted) const;

    /// Takes \p look, of which SlotDevices made \p changes, and says what follows from it, said before or not.
    std::vector<SlotNews> settle(const Look& look, const DeviceChanges& changes, const SlotStates& states,
                                 const SlotDevices& devices);
    /// Those of \p all that were not said before, while \p states were what \p all was concluded from. That a device says
    /// none, or one that its label must confirm, is said once a device, whatever it says next: one that says another serial
    /// number in every look would leave no room for any other sentence.
    std::vector<SlotNews> untold(const std::vector<SlotNews>& all, const SlotStates& states);

    /// Two devices said \p serial, or one did while another was tested as it.
    [[nodiscard]] bool disputed(const enrollment::SerialNumber& serial) const { return m_disputed.contains(serial); }

    /// Takes the states as they are now; to be called after every change.
    void follow(const SlotStates& states);

    /// What the device in \p slot says; none: it says none, the latest look found no device, or it is being tested.
    [[nodiscard]] std::optional<enrollment::SerialNumber> saidIn(enrollment::SlotNumber slot) const;
    /// What it says that is no serial number of the product: Sighting::unfit; empty likewise.
    [[nodiscard]] std::string unfitIn(enrollment::SlotNumber slot) const;

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
    std::map<enrollment::SlotNumber, std::string> m_unfit;
    std::map<enrollment::SlotNumber, std::vector<SlotNews>> m_told; ///< of each device
    std::set<enrollment::SerialNumber> m_disputed; ///< for good: whoever says it wrongly will say it again
};

} // namespace enroll::station
