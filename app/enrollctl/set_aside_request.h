#pragma once

#include "app/enrollctl/retry_request.h"
#include "core/delivery/destination.h"
#include "core/delivery/waiting.h"
#include "db/journal/journal_proof.h"
#include "db/journal/set_aside.h"

namespace enroll::app::enrollctl {

/// Which records a command line wants set aside.
struct SetAsideRequest {
    std::vector<std::string> registrationIds; ///< --set-aside
    std::string reason;                       ///< --reason
    std::string operatorId;                   ///< --operator
};

/// Error S-331 if more than one of --retry, --retry-rejected and --set-aside was given, or --set-aside without who and why.
Result<void> requireOneWay(const RetryRequest& retry, const SetAsideRequest& setAside);

/// Where records are to be set aside.
struct SetAsidePlace {
    enrollment::DestinationName name;
    delivery::Destination* destination =
        nullptr; ///< null: the configuration does not have it, so that nobody can be asked
};

/// Sets the records of \p request aside at those of \p places that have not accepted them. Of one that was sent the
/// destination is asked first: if it holds the record, the record is delivered instead, and if it does not answer, nothing
/// changes at all. Nobody sends to a place meanwhile where something is open. Nothing happens if the request names nothing.
/// \p act says by whose account.
/// \par Errors   S-339, and nothing is set aside, if a record is undecided at none of the places, or if there is no journal;
///               S-330 if it was sent to one that cannot be asked; S-302 while another program sends there; what the destination
///               met; as db::journal::setAside() and JournalProof::renew()
Result<db::journal::SetAside> setRecordsAside(const SetAsideRequest& request,
                                              const db::journal::JournalOptions& journal,
                                              std::span<const SetAsidePlace> places, db::journal::JournalProof& proof,
                                              delivery::Waiting& waiting, const std::stop_token& stop,
                                              const station::Act& act);

} // namespace enroll::app::enrollctl
