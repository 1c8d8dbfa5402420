#pragma once

#include "core/enrollment/ids.h"

#include <optional>

namespace enroll::station {

/// What a look brought about.
struct SlotNews {
    enum class What {
        Bound,   ///< a serial number has this slot: the one in hand, or the one that its device says
        Dropped, ///< the device left before its run. Its serial number has no slot now: the next device may be another
        Unnamed, ///< a device came, and whose it is must be asked
        Misplaced, ///< likewise, while a serial number waits for its device in another slot, and this one asked for none
        Unclear,   ///< something answers there, and not as a device does, for long: nothing is known of the slot
        // By the rule "device-serial":
        Silent,      ///< a device is in that says no serial number of the product, and cannot be tested
        Unconfirmed, ///< its device says `serial`, and may be one that was tested, or taken back: its label is asked for
        Changed,     ///< its device said `serial`, which waited, and says `said` now, or none: it has no slot any more
        SaidTwice,   ///< the device in `other` says `serial` too, or is tested as it: it has no slot
        HasResult,   ///< its device says `serial`, of which `other` shows the result, whose device may still be in
    };

    What what;
    enrollment::SlotNumber slot;
    std::optional<enrollment::SerialNumber> serial = {};
    std::optional<enrollment::SlotNumber> other = {};  ///< Misplaced: where the serial number waits
    std::optional<enrollment::SerialNumber> said = {}; ///< Changed
    bool operator==(const SlotNews&) const = default;
};

} // namespace enroll::station
