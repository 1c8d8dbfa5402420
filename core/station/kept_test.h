#pragma once

#include "core/base/clock.h"
#include "core/enrollment/ids.h"

#include <map>
#include <optional>

namespace enroll::station {

/// The test that a slot shows, as far as it outlives the program. What came of it is in the journal.
struct KeptTest {
    enrollment::SerialNumber serial;
    UtcTime startedAt{};                         ///< its run did not start before
    std::optional<enrollment::RunId> runId = {}; ///< absent until the run is over
    bool operator==(const KeptTest&) const = default;
};

using KeptTests = std::map<enrollment::SlotNumber, KeptTest>;

} // namespace enroll::station
