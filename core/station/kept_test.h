#pragma once

#include "core/base/clock.h"
#include "core/enrollment/ids.h"

#include <map>
#include <optional>
#include <string>

namespace enroll::station {

/// The test that a slot shows, as far as it outlives the program. What came of it is in the journal.
struct KeptTest {
    /// Absent: what was kept could not be read. Nobody knows what the slot showed, nor whether a device is in it.
    std::optional<enrollment::SerialNumber> serial;
    /// Of its run; of a serial number that only waited, when it was scanned; without one, when that was found out.
    UtcTime startedAt{};
    std::optional<enrollment::RunId> runId = {}; ///< of the run that has its result; absent: it only waited
    std::string device = {};                     ///< the slot's address: at another one is another device
    std::string profile = {}; ///< ProfileStamp::sha256 of the profile that let the serial number in; empty: not known
    bool operator==(const KeptTest&) const = default;
};

using KeptTests = std::map<enrollment::SlotNumber, KeptTest>;

} // namespace enroll::station
