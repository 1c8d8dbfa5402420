#pragma once

#include "core/base/clock.h"
#include "core/enrollment/ids.h"

#include <map>
#include <optional>
#include <string>

namespace enroll::station {

/// The test that a slot shows, as far as it outlives the program. What came of it is in the journal.
struct KeptTest {
    enrollment::SerialNumber serial;
    UtcTime startedAt{}; ///< of its run; of a serial number that only waited, when it was scanned
    std::optional<enrollment::RunId> runId = {}; ///< of the run that has its result; absent: it only waited
    std::string device = {};                     ///< the slot's address: at another one is another device
    bool operator==(const KeptTest&) const = default;
};

using KeptTests = std::map<enrollment::SlotNumber, KeptTest>;

} // namespace enroll::station
