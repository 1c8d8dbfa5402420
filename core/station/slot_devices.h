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

/// The connection to a device that had answered, or was to answer, broke during the run.
bool brokeConnection(const enrollment::AttestationRun& run);

/// One look at all slots that do not run.
struct Look {
    std::map<enrollment::SlotNumber, bool>
        found;              ///< true: a device answers. A slot of which nothing is certain is left out
    bool afterScan = false; ///< the look began when what is in hand now was in hand already
};

/// What a look found changed.
struct DeviceChanges {
    std::set<enrollment::SlotNumber> appeared;
    std::set<enrollment::SlotNumber> left;
};

/// Which slots hold a device, and whether a result's device is still there. A value without a thread, a clock or a device.
///
/// One look without an answer proves nothing where a device answered before: it counts as gone when two looks in a row
/// miss it. Where a serial number waits, one is enough: its device may be a different one afterwards. A device that starts
/// anew and one that is taken out and put in again look alike.
///
/// A run is the best look there is: the device that it reached is there when it ends, unless the connection broke.
///
/// After a restart of the program, nobody knows whether the device that the first look finds in a slot with a result is
/// that of the result: it may have been exchanged meanwhile. It counts as one that came, and so it is asked about.
class SlotDevices {
public:
    /// Slots that run are left alone, whatever the look says of them.
    DeviceChanges take(const Look& look, const SlotStates& states);
    /// Takes the states as they are now; to be called after every change.
    void follow(const SlotStates& states);

    [[nodiscard]] Presence presence(enrollment::SlotNumber slot) const;
    /// The slot's result is of a device that is not there any more, or of which nobody knows whether it is.
    [[nodiscard]] bool resultLeft(enrollment::SlotNumber slot) const { return m_resultLeft.contains(slot); }

    bool operator==(const SlotDevices&) const = default;

private:
    std::map<enrollment::SlotNumber, Presence> m_presence;
    std::set<enrollment::SlotNumber> m_missed; ///< by the latest look, not by the one before
    std::set<enrollment::SlotNumber> m_running;
    std::set<enrollment::SlotNumber> m_resultLeft;
    std::set<enrollment::SlotNumber> m_unseen; ///< since the restart, with a result from before it
};

} // namespace enroll::station
