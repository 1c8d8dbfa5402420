#include "app/enrollctl/set_aside_request.h"

#include "core/base/cancellation.h"
#include "core/base/overloaded.h"
#include "core/base/recoded.h"
#include "core/base/station_code.h"
#include "core/enrollment/registration_id.h"
#include "db/journal/open_journal.h"
#include "db/journal/sqlite_outbox.h"

#include <algorithm>

namespace enroll::app::enrollctl {
namespace {

using db::journal::NotRejected;
using db::journal::OpenAnswer;
using db::journal::SetAside;
using db::journal::SqliteOutbox;
using delivery::OutboxEntry;
using enrollment::RecordState;
using enrollment::RegistrationId;

constexpr auto kOption = "--set-aside";
constexpr auto kNothing = "nothing was set aside";

Error usage(std::string what)
{
    return makeError(StationCode::UsageInvalid, std::move(what));
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
    case RecordState::Queued:
    case RecordState::Sent:
    case RecordState::Rejected:
        break;
    }
    return "it is not queued at this destination, or a newer program wrote of it; \"enrollctl runs show\" says where "
           "it "
           "is queued";
}

/// The entries that are to be set aside and are open.
Result<std::vector<OutboxEntry>> openEntries(delivery::Outbox& outbox, std::span<const RegistrationId> ids)
{
    constexpr std::size_t kAtOnce = 100;
    std::vector<OutboxEntry> found;
    for (std::int64_t after = 0;;) {
        TRY_ASSIGN(auto entries, outbox.pending(kAtOnce, after));
        if (entries.empty()) {
            return found;
        }
        after = entries.back().id;
        std::ranges::copy_if(entries, std::back_inserter(found), [&](const OutboxEntry& entry) {
            return std::ranges::any_of(
                ids, [&](const auto& id) { return enrollment::sameRegistrationId(id, entry.record.registrationId); });
        });
    }
}

/// Takes the sending for \p outbox. Error S-302 if another program goes on sending.
Result<void> claim(delivery::Outbox& outbox, const SetAsidePlace& place, delivery::Waiting& waiting,
                   const std::stop_token& stop)
{
    constexpr int kTries = 5;
    constexpr std::chrono::milliseconds kAgain{1000};
    for (int left = kTries; !stop.stop_requested(); --left) {
        TRY_ASSIGN(const bool claimed, outbox.claim());
        if (claimed) {
            return {};
        }
        if (left == 1) {
            return makeError(StationCode::JournalBusy, std::string{kNothing} +
                                                           ": another program is sending to the destination \"" +
                                                           place.name.text() + "\"; try again when it has ended");
        }
        waiting.waitFor(kAgain, stop);
    }
    return stopAsked("upload");
}

/// The end of a question that \p place did not answer for the record of \p entry.
Error notToldOf(const OutboxEntry& entry, const SetAsidePlace& place, Error error)
{
    error.what = std::string{kNothing} + ", because the destination \"" + place.name.text() +
                 "\" does not say whether it holds " + entry.record.registrationId.text() + ": " + error.what;
    return error;
}

Result<OpenAnswer> answerOf(const OutboxEntry& entry, delivery::ReadBackOutcome& outcome, const SetAsidePlace& place)
{
    using Outcome = Result<OpenAnswer>;
    const auto word = [&](RecordState state, std::string code = {}, std::string reason = {}) {
        return Outcome{{entry.id, delivery::OutboxClosing{entry.id, state, std::move(code), std::move(reason)}}};
    };
    return std::visit(Overloaded{[&](const delivery::Accepted&) { return word(RecordState::Accepted); },
                                 [&](delivery::Absent& absent) {
                                     return absent.onlyInferredFrom
                                                ? Outcome{notToldOf(entry, place, *std::move(absent.onlyInferredFrom))}
                                                : Outcome{{entry.id, {}}};
                                 },
                                 [&](delivery::Trouble& trouble) {
                                     auto& error = trouble.error;
                                     if (trouble.kind == delivery::TroubleKind::RefusedRecord) {
                                         return word(RecordState::Rejected, std::string{describe(error.code).text},
                                                     error.what);
                                     }
                                     return Outcome{notToldOf(entry, place, std::move(error))};
                                 }},
                      outcome);
}

/// What the destination says of \p entries, which were sent.
Result<std::vector<OpenAnswer>> askFor(std::span<const OutboxEntry> entries, const SetAsidePlace& place,
                                       const std::stop_token& stop)
{
    std::vector<OpenAnswer> answers;
    if (entries.empty()) {
        return answers;
    }
    if (place.destination == nullptr) {
        return makeError(
            StationCode::ConfigurationInvalid,
            std::string{kNothing} + ": " + entries.front().record.registrationId.text() + " was sent to \"" +
                place.name.text() +
                "\", which the configuration does not have, so that nobody can ask whether it holds the record: "
                "configure a [[destination]] of this name again");
    }
    auto outcomes = place.destination->readBack(entries, stop);
    for (std::size_t i = 0; i < entries.size(); ++i) {
        TRY_ASSIGN(auto answer, answerOf(entries[i], outcomes.at(i), place));
        answers.push_back(std::move(answer));
    }
    return answers;
}

/// What is known of the records that are open in one place. A record that is queued cannot be there.
Result<std::vector<OpenAnswer>> answersIn(delivery::Outbox& outbox, std::span<const RegistrationId> ids,
                                          const SetAsidePlace& place, const std::stop_token& stop)
{
    TRY_ASSIGN(auto entries, openEntries(outbox, ids));
    const auto sent = std::stable_partition(entries.begin(), entries.end(),
                                            [](const auto& entry) { return entry.state == RecordState::Queued; });
    TRY_ASSIGN(auto answers, askFor({sent, entries.end()}, place, stop));
    for (const auto& entry : std::span{entries.begin(), sent}) {
        answers.push_back({entry.id, {}});
    }
    return answers;
}

std::vector<enrollment::DestinationName> namesOf(std::span<const SetAsidePlace> places)
{
    std::vector<enrollment::DestinationName> names;
    std::ranges::transform(places, std::back_inserter(names), &SetAsidePlace::name);
    return names;
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

Result<SetAside> setRecordsAside(const SetAsideRequest& request, const db::journal::JournalOptions& journal,
                                 std::span<const SetAsidePlace> places, db::journal::JournalProof& proof,
                                 delivery::Waiting& waiting, const std::stop_token& stop, const station::Act& act)
{
    TRY(db::journal::requireJournal(journal.dataDirectory));
    const auto ids = idsOf(request.registrationIds);
    if (ids.empty()) {
        return SetAside{};
    }
    std::vector<std::unique_ptr<SqliteOutbox>> claimed; // to the end: nobody may send what is set aside
    std::vector<OpenAnswer> answers;
    for (const auto& place : places) {
        const auto again = [&] { return proof.renew(place.name, {}, stop); };
        TRY_ASSIGN(auto outbox, SqliteOutbox::open(journal, place.name, again));
        if (place.destination != nullptr) {
            TRY(outbox->enqueueMissing());
        }
        TRY_ASSIGN(const auto open, openEntries(*outbox, ids));
        if (open.empty()) {
            continue;
        }
        TRY(claim(*outbox, place, waiting, stop));
        TRY_ASSIGN(auto told, answersIn(*outbox, ids, place, stop));
        std::ranges::move(told, std::back_inserter(answers));
        claimed.push_back(std::move(outbox));
    }
    TRY_ASSIGN(auto outcome, db::journal::setAside(journal, namesOf(places), ids, {request.operatorId, request.reason},
                                                   answers, act));
    if (const auto* refused = std::get_if<std::vector<NotRejected>>(&outcome)) {
        return refusalOf(kNothing, kOption, *refused, whyNotSetAside);
    }
    return std::get<SetAside>(std::move(outcome));
}

} // namespace enroll::app::enrollctl
