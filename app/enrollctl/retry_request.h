#pragma once

#include "db/journal/queue_again.h"
#include "db/journal/set_aside.h"

#include <string>

namespace enroll::app::enrollctl {

/// Which rejected records a command line wants queued again.
struct RetryRequest {
    std::vector<std::string> registrationIds; ///< --retry
    bool allRejected = false;                 ///< --retry-rejected
};

/// Which rejected records a command line wants set aside.
struct SetAsideRequest {
    std::vector<std::string> registrationIds; ///< --set-aside
    std::string reason;                       ///< --reason
    std::string operatorId;                   ///< --operator
};

/// Error S-331 if more than one of --retry, --retry-rejected and --set-aside was given, or --set-aside without who and why.
Result<void> requireOneWay(const RetryRequest& retry, const SetAsideRequest& setAside);

/// Queues them again for \p destinations; what was queued, nothing if nothing was asked for. Error S-331, and nothing is
/// queued: an id whose record none of the destinations rejected. Error S-339 if there is no journal, asked for or not:
/// whoever sends makes none. Else as queueAgain().
Result<std::vector<db::journal::QueuedAgain>> queueRetries(const RetryRequest& request,
                                                           const db::journal::JournalOptions& journal,
                                                           std::span<const enrollment::DestinationName> destinations);

/// Sets them aside at those of \p destinations that rejected them; what was set aside, nothing if nothing was asked for.
/// Error S-331, and nothing is set aside: an id whose record none of the destinations rejected, or that is set aside
/// already. Error S-339 if there is no journal. Else as db::journal::setAside().
Result<std::vector<db::journal::RecordAt>> setRecordsAside(const SetAsideRequest& request,
                                                           const db::journal::JournalOptions& journal,
                                                           std::span<const enrollment::DestinationName> destinations);

} // namespace enroll::app::enrollctl
