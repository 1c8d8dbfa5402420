#pragma once

#include "core/station/slot_states.h"

#include <set>

namespace enroll::station {

/// What the latest looks found in a slot.
enum class Presence {
    NotSensed, ///< nobody looked, or nothing certain was found
    Absent,
    Present,
};

/// The device of the run may have been taken out before its end, and be put in anywhere: it has no verdict, or gave no answer.
bool mayHaveLostDevice(const enrollment::AttestationRun& run);

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
/// file does, and no outage that is shorter. But by the rule "device-serial" a scan does, of a label that says the same as
/// the device. Where a tile asked for a label (question()), looks do not end it: somebody says whether it is the device, or
/// the serial number leaves the slot.
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
    void doubt(enrollment::SlotNumber slot);
    /// As doubt(), of whatever device is there while the serial number that \p slot has now waits in it.
    void question(enrollment::SlotNumber slot);
    /// \p slot gets another serial number: the doubt goes on, and looks end it.
    void endQuestion(enrollment::SlotNumber slot) { m_known[slot].questioned = false; }
    /// It is known which device is in \p slot: its label was scanned, and it says the same.
    void assure(enrollment::SlotNumber slot);

    [[nodiscard]] Presence presence(enrollment::SlotNumber slot) const;
    [[nodiscard]] bool doubted(enrollment::SlotNumber slot) const;
    /// It is doubted until somebody says that it is the device.
    [[nodiscard]] bool questioned(enrollment::SlotNumber slot) const;

    bool operator==(const SlotDevices&) const = default;

private:
    struct Known {
        Presence presence = Presence::NotSensed;
        bool doubted = false;
        bool questioned = false;
        bool runs = false;
        std::optional<std::chrono::steady_clock::time_point> missedSince =
            {}; ///< by every look since, none of which was unclear
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
