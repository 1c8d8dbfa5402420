#pragma once

#include "core/station/slot_states.h"

#include <set>

namespace enroll::station {

/// Why the device in a slot is doubted.
enum class Doubt {
    None,
    Known, ///< it may be the one that was tested there last, or that of a serial number which waits in another slot
    Any,   ///< it may be that of any label
};

/// What the latest looks found in a slot.
enum class Presence {
    NotSensed, ///< nobody looked, or nothing certain was found
    Absent,
    Present,
};

/// The connection to a device that had answered, or was to answer, broke during the run.
bool brokeConnection(const enrollment::AttestationRun& run);

/// What becomes of a serial number that a device says. By the rule "device-serial".
enum class Hearing {
    Binds,
    Waits,  ///< the station takes no serial number now; later it does, of devices that came meanwhile too
    Doubts, ///< nobody who is known is there: the label of a device that comes now is asked for
};

/// One look at all slots that do not run.
struct Look {
    std::map<enrollment::SlotNumber, bool>
        found;              ///< true: a device answers. A slot of which nothing is certain is left out
    bool afterScan = false; ///< the look began when what is in hand now was in hand already
    std::chrono::steady_clock::time_point at{}; ///< when it ended
    /// By the rule "device-serial" alone: what the devices say that their serial numbers are, of those that say one.
    std::map<enrollment::SlotNumber, enrollment::SerialNumber> says = {};
    Hearing hearing = Hearing::Binds;
    /// Likewise, of those that say something else: Sighting::unfit.
    std::map<enrollment::SlotNumber, std::string> unfit = {};
    std::set<enrollment::SlotNumber> unclear = {}; ///< nothing was certain of them for long enough to be told
};

/// What a look found changed.
struct DeviceChanges {
    std::set<enrollment::SlotNumber> appeared;
    std::set<enrollment::SlotNumber> left;
};

/// Which slots hold a device, and in which of them it may be another one than that of the next serial number. A value
/// without a thread, a clock or a device.
///
/// Doubt is one fact a slot, and every rule that binds a serial number to a device or starts a test asks it: the device of
/// before may still be in. It begins with the program, with a run, and whenever a serial number and a device may belong to
/// each other or not (SlotBoard). Looks alone end it, when for kGone none of them found a device: no key, no scan and no
/// file does, and no outage that is shorter. But a scan does where it says which device that is (assure()): by the rule
/// "device-serial" of a label that says the same as the device, by the others of that of the test whose device alone is
/// doubted.
///
/// One look without an answer proves nothing where a device answered before: it counts as absent when two looks in a row
/// miss it. Where a serial number waits, one is enough: its device may be a different one afterwards. A device that starts
/// anew and one that is taken out and put in again look alike.
///
/// A run is the best look there is: the device that it reached is there when it ends, unless the connection broke.
class SlotDevices {
public:
    /// Hands are slower with another device, and a network, or a device that starts anew, is mostly faster.
    static constexpr std::chrono::seconds kGone{5};

    /// Slots that run are left alone, whatever the look says of them.
    DeviceChanges take(const Look& look, const SlotStates& states);
    /// Takes the states as they are now; to be called after every change.
    void follow(const SlotStates& states);
    /// From here on the device in \p slot, or one that comes before the slot was seen empty for kGone, is doubted.
    /// It stays doubted for more than \p why where it was.
    void doubt(enrollment::SlotNumber slot, Doubt why = Doubt::Any);
    /// A label has no slot, and its device may come into \p slot: what was Doubt::Known is Doubt::Any.
    void mistrust(enrollment::SlotNumber slot);
    /// It is known which device is in \p slot, or comes there next.
    void assure(enrollment::SlotNumber slot);

    [[nodiscard]] Presence presence(enrollment::SlotNumber slot) const;
    [[nodiscard]] Doubt doubtIn(enrollment::SlotNumber slot) const;
    [[nodiscard]] bool doubted(enrollment::SlotNumber slot) const { return doubtIn(slot) != Doubt::None; }

    bool operator==(const SlotDevices&) const = default;

private:
    struct Known {
        Presence presence = Presence::NotSensed;
        Doubt doubt = Doubt::None;
        bool runs = false;
        std::optional<std::chrono::steady_clock::time_point> missedSince = {}; ///< by every look since
        bool operator==(const Known&) const = default;
    };
    std::map<enrollment::SlotNumber, Known> m_known;
};

/// A slot where a serial number waits and no device is.
std::optional<enrollment::SlotNumber> awaitsDevice(const SlotStates& states, const SlotDevices& devices);
/// Or the device that is there is doubted: its own may still come. \p but this slot.
std::optional<enrollment::SlotNumber> mayAwaitDevice(const SlotStates& states, const SlotDevices& devices,
                                                     std::optional<enrollment::SlotNumber> but = {});

} // namespace enroll::station
