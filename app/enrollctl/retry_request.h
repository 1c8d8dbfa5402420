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

/// Queues the records of \p request again for \p destinations. The value lists what was queued; it is empty if the request
/// names nothing. Error S-331, and nothing is queued, if none of the destinations rejected the record of an id. Error S-339
/// if there is no journal, even if the request names nothing, because an upload makes none. Other errors as queueAgain().
Result<std::vector<db::journal::QueuedAgain>> queueRetries(const RetryRequest& request,
                                                           const db::journal::JournalOptions& journal,
                                                           std::span<const enrollment::DestinationName> destinations);

/// Sets the records of \p request aside at those of \p destinations that rejected them. The value lists what was set aside;
/// it is empty if the request names nothing. Error S-331, and nothing is set aside, if none of the destinations rejected the
/// record of an id, or if it is set aside already. Error S-339 if there is no journal. Other errors as
/// db::journal::setAside().
Result<std::vector<db::journal::RecordAt>> setRecordsAside(const SetAsideRequest& request,
                                                           const db::journal::JournalOptions& journal,
                                                           std::span<const enrollment::DestinationName> destinations);

} // namespace enroll::app::enrollctl
