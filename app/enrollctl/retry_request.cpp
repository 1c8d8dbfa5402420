#include "app/enrollctl/retry_request.h"

#include "core/base/overloaded.h"
#include "core/base/station_code.h"
#include "db/journal/open_journal.h"

namespace enroll::app::enrollctl {
namespace {

using db::journal::NotRejected;
using db::journal::QueuedAgain;
using enrollment::RecordState;

Error usage(std::string what)
{
    return makeError(StationCode::UsageInvalid, std::move(what));
}

std::string whyNot(const NotRejected& record)
{
    if (!record.state) {
        return "no record has this registration id; \"enrollctl runs list\" shows those there are";
    }
    return *record.state == RecordState::Accepted
               ? "it was accepted; there is nothing to send again"
               : "it was not rejected and is still waiting; \"enrollctl upload\" sends it without --retry";
}

Error refusal(std::span<const NotRejected> records)
{
    std::string what = "nothing was queued again";
    for (const auto& record : records) {
        what += "; --retry " + record.registrationId.text() + ": " + whyNot(record);
    }
    return usage(std::move(what));
}

} // namespace

Result<void> requireOneWayOfRetrying(const RetryRequest& request)
{
    if (request.allRejected && !request.registrationIds.empty()) {
        return usage("--retry names records and --retry-rejected takes all of them: give one of the two");
    }
    return {};
}

Result<std::vector<QueuedAgain>> queueRetries(const RetryRequest& request, const db::journal::JournalOptions& journal,
                                              std::span<const enrollment::DestinationName> destinations)
{
    TRY(db::journal::requireJournal(journal.dataDirectory));
    if (request.allRejected) {
        return db::journal::queueRejectedAgain(journal, destinations);
    }
    if (request.registrationIds.empty()) {
        return std::vector<QueuedAgain>{};
    }
    std::vector<enrollment::RegistrationId> ids;
    for (const auto& id : request.registrationIds) {
        ids.emplace_back(id);
    }
    TRY_ASSIGN(auto outcome, db::journal::queueAgain(journal, destinations, ids));
    using Queued = Result<std::vector<QueuedAgain>>;
    return std::visit(Overloaded{[](std::vector<QueuedAgain>& queued) { return Queued{std::move(queued)}; },
                                 [](const std::vector<NotRejected>& refused) { return Queued{refusal(refused)}; }},
                      outcome);
}

} // namespace enroll::app::enrollctl
