#include "db/dps/dps_destination.h"

#include "core/base/cancellation.h"
#include "core/base/cloud_code.h"
#include "core/base/device_code.h"
#include "core/base/overloaded.h"
#include "core/base/recoded.h"
#include "db/dps/dps_answer.h"
#include "db/dps/enrollment_of_record.h"

#include <algorithm>
#include <iterator>

namespace enroll::db::dps {
namespace {

using delivery::Accepted;
using delivery::OutboxEntry;
using delivery::ReadBackOutcome;
using delivery::SendOutcome;
using delivery::Trouble;
using delivery::TroubleKind;

constexpr auto kSend = "POST /enrollments";
/// Well formed, and enrolled by nobody: a service that works does not know it.
constexpr const char* kNobodysId = "enrollment-station-question";

std::vector<enrollment::RegistrationId> idsOf(std::span<const OutboxEntry> entries)
{
    std::vector<enrollment::RegistrationId> ids;
    std::ranges::transform(entries, std::back_inserter(ids),
                           [](const auto& entry) { return entry.record.registrationId; });
    return ids;
}

std::vector<provisioning::IndividualEnrollment> enrollmentsOf(std::span<const OutboxEntry> entries)
{
    std::vector<provisioning::IndividualEnrollment> enrollments;
    std::ranges::transform(entries, std::back_inserter(enrollments),
                           [](const auto& entry) { return enrollmentOfRecord(entry.record); });
    return enrollments;
}

/// True if further calls would meet the trouble too. A connection that breaks or a service that is too slow is no fault
/// of the record that was on its way.
bool meetsAllCalls(const Trouble& trouble)
{
    const auto code = trouble.error.code;
    return !delivery::mayLieInOneRecord(trouble.kind) || code == CloudCode::Unreachable ||
           code == CloudCode::TimedOut || code == DeviceCode::Cancelled;
}

/// The first trouble that further calls would meet too; null if there is none.
template <class Outcome>
const Trouble* troubleOfAllCalls(const std::vector<Outcome>& outcomes)
{
    const auto at = std::ranges::find_if(outcomes, [](const auto& outcome) {
        const auto* trouble = std::get_if<Trouble>(&outcome);
        return trouble != nullptr && meetsAllCalls(*trouble);
    });
    return at == outcomes.end() ? nullptr : &std::get<Trouble>(*at);
}

/// The same trouble for records that were not sent because of it.
Trouble spared(Trouble trouble)
{
    if (!delivery::rulesOutArrival(trouble.kind)) {
        trouble.kind = TroubleKind::Unreachable;
    }
    return trouble;
}

enum class Fault { Records, Services };

Trouble refusal(const Refused& refused, Fault fault)
{
    const HttpStatus status{refused.errorCode >= 1000 ? refused.errorCode / 1000 : refused.errorCode};
    return fault == Fault::Records
               ? Trouble{TroubleKind::RefusedRecord,
                         makeError(CloudCode::RefusedRequest, refused.reason, kSend, status),
                         {}}
               : Trouble{TroubleKind::RefusedAll, makeError(CloudCode::RefusesAll, refused.reason, kSend, status), {}};
}

Trouble notThere(std::string what)
{
    return {TroubleKind::Unreachable, makeError(CloudCode::AnswerMalformed, std::move(what)), {}};
}

/// What a read-back that met trouble says of a record that had been sent: the record stays in doubt, however surely the
/// question itself was turned away. A wish to be left alone is kept.
Trouble stillInDoubt(Trouble trouble)
{
    if (trouble.kind == TroubleKind::Busy && !trouble.retryAfter) {
        trouble.retryAfter = std::chrono::seconds{0};
    }
    if (trouble.kind != TroubleKind::RefusedRecord) {
        trouble.kind = TroubleKind::InDoubt;
    }
    return trouble;
}

/// Sends part after part, and spares the rest once a part met trouble of all calls.
template <class Answered, class SendPart>
std::vector<Answered> sendInParts(std::span<const OutboxEntry> entries, std::size_t size, SendPart sendPart)
{
    std::vector<Answered> answers;
    while (answers.size() < entries.size()) {
        const auto rest = entries.subspan(answers.size());
        auto part = sendPart(rest.first(std::min(size, rest.size())));
        std::ranges::move(part, std::back_inserter(answers));
        if (const auto* trouble = troubleOfAllCalls(answers)) {
            const Answered unsent{spared(*trouble)};
            answers.resize(entries.size(), unsent);
        }
    }
    return answers;
}

} // namespace

DpsDestination::DpsDestination(DpsClient client, delivery::RateLimiter limiter, delivery::Waiting& waiting)
    : m_client(std::move(client)), m_limiter(limiter), m_waiting(waiting)
{}

std::vector<SendOutcome> DpsDestination::send(std::span<const OutboxEntry> entries, delivery::Departure& departure,
                                              const std::stop_token& stop)
{
    const Sending sending{departure, stop};
    const auto answers = sendInParts<Answered>(entries, provisioning::kMostBulkEnrollments,
                                               [&](auto part) { return sendOneCall(part, sending); });
    return judged(entries, answers);
}

std::vector<DpsDestination::Answered> DpsDestination::sendSingly(std::span<const OutboxEntry> entries,
                                                                 const SpoiledCall& spoiled, const Sending& sending)
{
    if (refusesAnyCall(sending.stop)) {
        auto error = recoded(spoiled.error, CloudCode::RefusesAll);
        error.what += "; it refuses every call, a mere question too";
        return {entries.size(), Trouble{TroubleKind::NeedsPerson, std::move(error), {}}};
    }
    return sendInParts<Answered>(entries, 1, [&](auto part) { return sendOneCall(part, sending); });
}

std::vector<DpsDestination::Answered> DpsDestination::sendOneCall(std::span<const OutboxEntry> entries,
                                                                  const Sending& sending)
{
    if (!pace(sending.stop)) {
        return {entries.size(), Trouble{TroubleKind::Unreachable, stopAsked(), {}}};
    }
    const auto leaving = [&] { return sending.departure.leaving(entries); };
    const auto outcome = m_client.bulkCreate(enrollmentsOf(entries), leaving, sending.stop);
    if (const auto* none = std::get_if<NoAnswer>(&outcome)) {
        return {entries.size(), troubleOf(*none)};
    }
    auto verdict = judgeBulkAnswer(std::get<HttpAnswer>(outcome), idsOf(entries), utcNow());
    return std::visit(Overloaded{[&](std::vector<ItemVerdict>& items) { return settle(entries, items, sending); },
                                 [&](SpoiledCall& spoiled) { return sendSingly(entries, spoiled, sending); },
                                 [&](Trouble& trouble) {
                                     return std::vector<Answered>{entries.size(), std::move(trouble)};
                                 }},
                      verdict);
}

std::vector<DpsDestination::Answered> DpsDestination::settle(std::span<const OutboxEntry> entries,
                                                             std::span<const ItemVerdict> verdicts,
                                                             const Sending& sending)
{
    std::vector<OutboxEntry> asked;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        if (std::holds_alternative<Conflict>(verdicts[i]) || std::holds_alternative<NotMentioned>(verdicts[i])) {
            asked.push_back(entries[i]);
        }
    }
    const auto held = readBack(asked, sending.stop);
    auto next = held.begin();
    const auto settled = [&](Answered ifHeld, Answered ifAbsent) {
        return std::visit(Overloaded{[&](const Accepted&) { return ifHeld; },
                                     [&](const delivery::Absent&) { return ifAbsent; },
                                     [](const Trouble& trouble) { return Answered{stillInDoubt(trouble)}; }},
                          *next++);
    };
    const Overloaded answerOf{[&](const Conflict&) {
                                  return settled(HeldAlready{},
                                                 notThere("the id was said to exist and then not found"));
                              },
                              [&](const NotMentioned&) { return settled(Accepted{}, NotCreated{}); },
                              [](const auto& decided) { return Answered{decided}; }};
    std::vector<Answered> answers;
    for (const auto& verdict : verdicts) {
        answers.push_back(std::visit(answerOf, verdict));
    }
    sendWithoutRefused(entries, answers, sending);
    return answers;
}

/// Each such call has fewer records than the one before it.
void DpsDestination::sendWithoutRefused(std::span<const OutboxEntry> entries, std::vector<Answered>& answers,
                                        const Sending& sending)
{
    const bool anyRefused =
        std::ranges::any_of(answers, [](const auto& answer) { return std::holds_alternative<Refused>(answer); });
    std::vector<OutboxEntry> rest;
    for (std::size_t i = 0; anyRefused && i < entries.size(); ++i) {
        if (std::holds_alternative<NotCreated>(answers[i])) {
            rest.push_back(entries[i]);
        }
    }
    if (rest.empty()) {
        return;
    }
    auto again = sendOneCall(rest, sending);
    auto next = again.begin();
    for (auto& answer : answers) {
        if (std::holds_alternative<NotCreated>(answer)) {
            answer = std::move(*next++);
        }
    }
}

std::vector<SendOutcome> DpsDestination::judged(std::span<const OutboxEntry> entries,
                                                const std::vector<Answered>& answers)
{
    const bool created =
        std::ranges::any_of(answers, [](const auto& answer) { return std::holds_alternative<Accepted>(answer); });
    const auto faultOf = [&](const Refused& refused, const OutboxEntry& entry) {
        const auto alike = std::ranges::count_if(answers, [&](const auto& answer) {
            const auto* other = std::get_if<Refused>(&answer);
            return other != nullptr && *other == refused;
        });
        const bool asBefore = entry.rejectedFor == refused.reason;
        return asBefore || (created && alike == 1) ? Fault::Records : Fault::Services;
    };
    std::vector<SendOutcome> outcomes;
    for (std::size_t i = 0; i < answers.size(); ++i) {
        const Overloaded outcomeOf{
            [](const HeldAlready&) { return SendOutcome{Accepted{}}; },
            [](const NotCreated&) { return SendOutcome{notThere("not created, and the service does not say why")}; },
            [&](const Refused& refused) { return SendOutcome{refusal(refused, faultOf(refused, entries[i]))}; },
            [](const auto& decided) { return SendOutcome{decided}; }};
        outcomes.push_back(std::visit(outcomeOf, answers[i]));
    }
    return outcomes;
}

/// Asks for what nobody enrolled.
/// None: a stop was asked.
std::optional<HttpOutcome> DpsDestination::askForNobody(const std::stop_token& stop)
{
    if (!pace(stop)) {
        return std::nullopt;
    }
    return m_client.enrollment(enrollment::RegistrationId{kNobodysId}, {}, stop);
}

bool DpsDestination::refusesAnyCall(const std::stop_token& stop)
{
    const auto outcome = askForNobody(stop);
    const auto* answer = outcome ? std::get_if<HttpAnswer>(&*outcome) : nullptr;
    return answer != nullptr && refusesQuestions(*answer);
}

Result<void> DpsDestination::probe(const std::stop_token& stop)
{
    const auto outcome = askForNobody(stop);
    if (!outcome) {
        return stopAsked();
    }
    if (const auto* none = std::get_if<NoAnswer>(&*outcome)) {
        return troubleOf(*none).error;
    }
    provisioning::IndividualEnrollment nobodys;
    nobodys.registrationId = enrollment::RegistrationId{kNobodysId};
    const auto held = judgeEnrollmentAnswer(std::get<HttpAnswer>(*outcome), nobodys, utcNow());
    if (const auto* absent = std::get_if<delivery::Absent>(&held)) {
        return absent->onlyInferredFrom ? Result<void>{*absent->onlyInferredFrom} : Result<void>{};
    }
    const auto* trouble = std::get_if<Trouble>(&held);
    // Somebody enrolled that very id: the service answered what it was asked.
    return trouble == nullptr || trouble->kind == TroubleKind::RefusedRecord ? Result<void>{}
                                                                             : Result<void>{trouble->error};
}

std::vector<ReadBackOutcome> DpsDestination::readBack(std::span<const OutboxEntry> entries, const std::stop_token& stop)
{
    std::vector<ReadBackOutcome> outcomes;
    for (const auto& entry : entries) {
        outcomes.push_back(readBackOne(entry, stop));
        if (const auto* trouble = troubleOfAllCalls(outcomes)) {
            outcomes.resize(entries.size(), Trouble{*trouble});
            break;
        }
    }
    return outcomes;
}

ReadBackOutcome DpsDestination::readBackOne(const OutboxEntry& entry, const std::stop_token& stop)
{
    if (!pace(stop)) {
        return Trouble{TroubleKind::Unreachable, stopAsked(), {}};
    }
    const auto outcome = m_client.enrollment(entry.record.registrationId, entry.record.settings, stop);
    if (const auto* none = std::get_if<NoAnswer>(&outcome)) {
        return troubleOf(*none);
    }
    return judgeEnrollmentAnswer(std::get<HttpAnswer>(outcome), enrollmentOfRecord(entry.record), utcNow());
}

bool DpsDestination::pace(const std::stop_token& stop)
{
    const auto wait = m_limiter.book(m_waiting.now());
    if (wait > std::chrono::milliseconds{0}) {
        m_waiting.waitFor(wait, stop);
    }
    return !stop.stop_requested();
}

} // namespace enroll::db::dps
