#pragma once

#include "core/base/clock.h"

#include <optional>

namespace enroll::station {

/// The shift that the counters count. A value without a clock.
///
/// - It begins when somebody signs in after the last one signed out. Whose badge only takes the place of another goes on
///   with it.
/// - It is over when whoever is signed in signs out. Anybody may sign out the one who left a locked station, and ends
///   nothing by it. Its numbers stay until the next one begins.
/// - A restart neither begins nor ends one, although nobody is signed in after it.
struct Shift {
    std::optional<UtcTime> startedAt; ///< none: nobody ever signed in, and the counters count the day
    bool over = false;

    void signedIn(UtcTime now)
    {
        const bool isOfLater = startedAt && *startedAt > now; // the clock was set back
        if (!startedAt || over || isOfLater) {
            *this = {now, false};
        }
    }
    void signedOut() { over = startedAt.has_value(); }

    bool operator==(const Shift&) const = default;
};

} // namespace enroll::station
