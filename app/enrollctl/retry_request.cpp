#include "app/enrollctl/retry_request.h"

#include "core/base/station_code.h"
#include "db/journal/open_journal.h"

namespace enroll::app::enrollctl {
namespace {

using db::journal::NotRejected;
using db::journal::QueuedAgain;
using enrollment::RecordState;

std::string whyNotRetried(const NotRejected& record)
{
    if (!record.state) {
        return kNoSuchRecord;
    }
    return *record.state == RecordState::Accepted
               ? "it was accepted; there is nothing to send again"
               : "it was not rejected and is still waiting; \"enrollctl upload\" sends it without --retry, and "
                 "--set-aside gives it up";
}

} // namespace

Error refusalOf(std::string what, const char* option, std::span<const NotRejected> records,
                std::string (*whyNot)(const NotRejected&))
{
    for (const auto& record : records) {
        what += std::string{"; "} + option + " " + record.registrationId.text() + ": " + whyNot(record);
    }
    return makeError(StationCode::NothingFound, std::move(what));
}

std::vector<enrollment::RegistrationId> idsOf(const std::vector<std::string>& texts)
{
    std::vector<enrollment::RegistrationId> ids;
    for (const auto& text : texts) {
        ids.emplace_back(text);
    }
    return ids;
}

Result<std::vector<QueuedAgain>> queueRetries(const RetryRequest& request, const db::journal::JournalOptions& journal,
                                              std::span<const enrollment::DestinationName> destinations,
                                              const station::Act& act)
{
    TRY(db::journal::requireJournal(journal.dataDirectory));
    if (request.allRejected) {
        return db::journal::queueRejectedAgain(journal, destinations, act);
    }
    if (request.registrationIds.empty()) {
        return std::vector<QueuedAgain>{};
    }
    TRY_ASSIGN(auto outcome, db::journal::queueAgain(journal, destinations, idsOf(request.registrationIds), act));
    if (const auto* refused = std::get_if<std::vector<NotRejected>>(&outcome)) {
        return refusalOf("nothing was queued again", "--retry", *refused, whyNotRetried);
    }
    return std::get<std::vector<QueuedAgain>>(std::move(outcome));
}

} // namespace enroll::app::enrollctl
