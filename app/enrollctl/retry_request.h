#pragma once

#include "db/journal/queue_again.h"

#include <string>

namespace enroll::app::enrollctl {

/// Which rejected records a command line wants queued again.
struct RetryRequest {
    std::vector<std::string> registrationIds; ///< --retry
    bool allRejected = false;                 ///< --retry-rejected
};

/// Error S-331 if both options were given at once.
Result<void> requireOneWayOfRetrying(const RetryRequest& request);

/// Queues them again for \p destinations; what was queued, nothing if nothing was asked for. Error S-331, and nothing is
/// queued: an id whose record none of the destinations rejected. Error S-339 if there is no journal, asked for or not:
/// whoever sends makes none. Else as queueAgain().
Result<std::vector<db::journal::QueuedAgain>> queueRetries(const RetryRequest& request,
                                                           const db::journal::JournalOptions& journal,
                                                           std::span<const enrollment::DestinationName> destinations);

} // namespace enroll::app::enrollctl
