#include "core/enrollment/station_clock.h"

#include "core/base/station_code.h"

namespace enroll::enrollment {

Result<void> requirePlausibleClock(UtcTime now, const std::optional<UtcTime>& latestRun)
{
    const auto shows = "the station's clock shows " + toIso8601(now);
    if (now < kVersionWritten) {
        return makeError(StationCode::ClockWrong,
                         shows + ", but this version was made after " + toIso8601(kVersionWritten));
    }
    if (now > kVersionWritten + kMostAhead) {
        return makeError(StationCode::ClockWrong, shows + ", more than " + std::to_string(kMostAhead.count()) +
                                                      " years after this version was made: set the clock, or install a "
                                                      "newer version");
    }
    if (latestRun && now + kMostSetBack < *latestRun) {
        return makeError(StationCode::ClockWrong, shows + ", but the latest run in the journal began at " +
                                                      toIso8601(*latestRun) +
                                                      ": either the clock is slow now: set it; or it was fast then: "
                                                      "check the time against another clock, then record that with: "
                                                      "enrollctl journal accept-clock");
    }
    return {};
}

} // namespace enroll::enrollment
