#include "app/enrollctl/retry_request.h"

#include "core/base/station_code.h"
#include "db/journal/open_journal.h"

namespace enroll::app::enrollctl {
namespace {

using db::journal::NotRejected;
using db::journal::QueuedAgain;
using db::journal::RecordAt;
using enrollment::RecordState;

Error usage(std::string what)
{
    return makeError(StationCode::UsageInvalid, std::move(what));
}

constexpr const char* kNoSuchRecord =
    "no record has this registration id; \"enrollctl runs list --json\" shows those there are";

std::string whyNotRetried(const NotRejected& record)
{
    if (!record.state) {
        return kNoSuchRecord;
    }
    return *record.state == RecordState::Accepted
               ? "it was accepted; there is nothing to send again"
               : "it was not rejected and is still waiting; \"enrollctl upload\" sends it without --retry";
}

std::string whyNotSetAside(const NotRejected& record)
{
    if (!record.state) {
        return kNoSuchRecord;
    }
    switch (*record.state) {
    case RecordState::SetAside:
        return "it is set aside already; \"enrollctl runs show\" says by whom and why, and --retry takes it back";
    case RecordState::Accepted:
        return "it was accepted; there is nothing to set aside";
    case RecordState::Sent:
        return "it is on its way; \"enrollctl upload\" asks what became of it, and only a rejected record can be set "
               "aside";
    case RecordState::Queued:
    case RecordState::Rejected:
        break;
    }
    return "it is still waiting to be sent; \"enrollctl upload\" sends it, and only a rejected record can be set aside";
}

Error refusal(std::string what, const char* option, std::span<const NotRejected> records,
              std::string (*whyNot)(const NotRejected&))
{
    for (const auto& record : records) {
        what += std::string{"; "} + option + " " + record.registrationId.text() + ": " + whyNot(record);
    }
    return usage(std::move(what));
}

std::vector<enrollment::RegistrationId> idsOf(const std::vector<std::string>& texts)
{
    std::vector<enrollment::RegistrationId> ids;
    for (const auto& text : texts) {
        ids.emplace_back(text);
    }
    return ids;
}

} // namespace

Result<void> requireOneWay(const RetryRequest& retry, const SetAsideRequest& setAside)
{
    if (retry.allRejected && !retry.registrationIds.empty()) {
        return usage("--retry names records and --retry-rejected takes all of them: give one of the two");
    }
    if (setAside.registrationIds.empty()) {
        return {};
    }
    if (retry.allRejected || !retry.registrationIds.empty()) {
        return usage("--set-aside gives records up and --retry sends them again: give one of the two");
    }
    if (setAside.reason.empty() || setAside.operatorId.empty()) {
        return usage(
            "--set-aside needs --reason TEXT and --operator NAME: the journal keeps who gave the record up, and why");
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
    TRY_ASSIGN(auto outcome, db::journal::queueAgain(journal, destinations, idsOf(request.registrationIds)));
    if (const auto* refused = std::get_if<std::vector<NotRejected>>(&outcome)) {
        return refusal("nothing was queued again", "--retry", *refused, whyNotRetried);
    }
    return std::get<std::vector<QueuedAgain>>(std::move(outcome));
}

Result<std::vector<RecordAt>> setRecordsAside(const SetAsideRequest& request,
                                              const db::journal::JournalOptions& journal,
                                              std::span<const enrollment::DestinationName> destinations)
{
    TRY(db::journal::requireJournal(journal.dataDirectory));
    if (request.registrationIds.empty()) {
        return std::vector<RecordAt>{};
    }
    TRY_ASSIGN(auto outcome, db::journal::setAside(journal, destinations, idsOf(request.registrationIds),
                                                   request.operatorId, request.reason));
    if (const auto* refused = std::get_if<std::vector<NotRejected>>(&outcome)) {
        return refusal("nothing was set aside", "--set-aside", *refused, whyNotSetAside);
    }
    return std::get<std::vector<RecordAt>>(std::move(outcome));
}

} // namespace enroll::app::enrollctl
