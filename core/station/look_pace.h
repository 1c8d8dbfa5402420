#pragma once

#include "core/enrollment/ids.h"

#include <chrono>
#include <map>
#include <optional>
#include <set>

namespace enroll::station {

/// What a look does about a slot.
enum class LookAt {
    Ask,
    StillThere, ///< its device answered less than a second ago
    Leave,      ///< it is not its turn yet, and nothing is known of it now
};

/// How often each slot of a station is asked for its device: a device that answers once a second; a slot where none does
/// in each of the first looks, and then every few seconds, because an absent host costs a thread, a name look-up and half
/// a second for each question. A value without a thread or a clock.
///
/// While a serial number waits for a device, a slot that is known to be empty is asked in every look: a device that came
/// there first must not be overlooked. So is one that looks must find empty for a while before its device counts as gone: the
/// pauses would make that while longer. One of which nothing is certain decides nothing, and is left its pause.
class LookPace {
public:
    using Time = std::chrono::steady_clock::time_point;

    [[nodiscard]] LookAt at(enrollment::SlotNumber slot, Time now) const;

    /// \p found is what a question found out that ended \p when; nothing: it was not certain.
    void answered(enrollment::SlotNumber slot, std::optional<bool> found, Time when);

    /// A serial number was scanned or put down: the next look asks every slot that has no device.
    void scanned();
    /// So many questions in a row, within seconds, had no certain answer that a person is to be told.
    [[nodiscard]] bool isUnclear(enrollment::SlotNumber slot) const;
    /// A run used the slot: the next look asks it.
    void forget(enrollment::SlotNumber slot) { m_latest.erase(slot); }
    /// Something was plugged in or out: the next look asks every slot, also those whose device answered a moment ago.
    void plugged();
    /// Whether a serial number waits for a device.
    void expect(bool device) { m_expected = device; }
    /// Whose device is doubted (SlotDevices).
    void doubt(std::set<enrollment::SlotNumber> slots) { m_doubted = std::move(slots); }

    bool operator==(const LookPace&) const = default;

private:
    struct Latest {
        std::optional<bool> found;
        int without = 0; ///< questions in a row that found no device
        int unclear = 0; ///< questions in a row whose answer was not certain
        Time when{};
        bool operator==(const Latest&) const = default;
    };

    std::map<enrollment::SlotNumber, Latest> m_latest;
    std::set<enrollment::SlotNumber> m_doubted;
    bool m_expected = false;
};

} // namespace enroll::station
