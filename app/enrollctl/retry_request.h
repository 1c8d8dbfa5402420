#pragma once

#include "db/journal/queue_again.h"

#include <string>
#include <vector>

namespace enroll::app::enrollctl {

/// Which rejected records a command line wants queued again.
struct RetryRequest {
    std::vector<std::string> registrationIds; ///< --retry
    bool allRejected = false;                 ///< --retry-rejected
};

/// Queues the records of \p request again for \p destinations. The value lists what was queued; it is empty if the request
/// names nothing. \p act says by whom. Error S-339, and nothing is queued, if none of the destinations rejected the record of an id, or
/// if there is no journal, even if the request names nothing, because an upload makes none. Other errors as queueAgain().
Result<std::vector<db::journal::QueuedAgain>> queueRetries(const RetryRequest& request,
                                                           const db::journal::JournalOptions& journal,
                                                           std::span<const enrollment::DestinationName> destinations,
                                                           const station::Act& act);

/// "nothing was queued again; --retry ID: why": \p what and, for each of \p records, \p option and \p whyNot. Error S-339.
Error refusalOf(std::string what, const char* option, std::span<const db::journal::NotRejected> records,
                std::string (*whyNot)(const db::journal::NotRejected&));

inline constexpr const char* kNoSuchRecord =
    "no record has this registration id; \"enrollctl runs list --json\" shows those there are";

std::vector<enrollment::RegistrationId> idsOf(const std::vector<std::string>& texts);

} // namespace enroll::app::enrollctl
