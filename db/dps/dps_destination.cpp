#include "db/dps/dps_destination.h"

#include "core/base/cloud_code.h"
#include "core/base/device_code.h"
#include "core/base/overloaded.h"
#include "db/dps/dps_answer.h"
#include "db/dps/enrollment_of_record.h"

#include <algorithm>
#include <iterator>

namespace enroll::db::dps {
namespace {

using delivery::Absent;
using delivery::Delivery;
using delivery::OutboxEntry;
using delivery::ReadBackOutcome;
using delivery::SendOutcome;
using delivery::Undecided;

Error cancelled()
{
    return makeError(DeviceCode::Cancelled, "a stop was asked");
}

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

/// The first trouble that further calls would meet too; null if there is none.
template <class Outcome>
const Undecided* troubleOfAllCalls(const std::vector<Outcome>& outcomes)
{
    const auto at = std::ranges::find_if(outcomes, [](const auto& outcome) {
        const auto* open = std::get_if<Undecided>(&outcome);
        return open != nullptr && !delivery::mayLieInTheRecord(*open);
    });
    return at == outcomes.end() ? nullptr : &std::get<Undecided>(*at);
}

Undecided undecidedOf(const NoAnswer& none)
{
    return {none.error, {}, none.delivery};
}

Undecided notThere(std::string what)
{
    return {makeError(CloudCode::AnswerMalformed, std::move(what)), {}, Delivery::NotDelivered};
}

/// What a read-back says of a record that had been sent. One that did not succeed leaves the record in doubt, however
/// surely the question itself was turned away.
SendOutcome settled(ReadBackOutcome outcome, const char* ifAbsent)
{
    return std::visit(Overloaded{[&](Absent) -> SendOutcome { return notThere(ifAbsent); },
                                 [](Undecided open) -> SendOutcome {
                                     open.delivery = Delivery::InDoubt;
                                     return open;
                                 },
                                 [](auto&& other) -> SendOutcome { return std::forward<decltype(other)>(other); }},
                      std::move(outcome));
}

/// Sends part after part, and spares the rest once a part met trouble of all calls.
template <class SendPart>
std::vector<SendOutcome> sendInParts(std::span<const OutboxEntry> entries, std::size_t size, SendPart sendPart)
{
    std::vector<SendOutcome> outcomes;
    while (outcomes.size() < entries.size()) {
        const auto rest = entries.subspan(outcomes.size());
        auto part = sendPart(rest.first(std::min(size, rest.size())));
        std::ranges::move(part, std::back_inserter(outcomes));
        if (const auto* trouble = troubleOfAllCalls(outcomes)) {
            const Undecided spared{trouble->error, trouble->retryAfter, Delivery::NotDelivered};
            outcomes.resize(entries.size(), spared);
        }
    }
    return outcomes;
}

} // namespace

DpsDestination::DpsDestination(DpsClient client, delivery::RateLimiter limiter, delivery::Waiting& waiting)
    : m_client(std::move(client)), m_limiter(limiter), m_waiting(waiting)
{}

std::vector<SendOutcome> DpsDestination::send(std::span<const OutboxEntry> entries, const std::stop_token& stop)
{
    return sendInParts(entries, provisioning::kMostBulkEnrollments, [&](auto part) { return sendOneCall(part, stop); });
}

std::vector<SendOutcome> DpsDestination::sendSingly(std::span<const OutboxEntry> entries, const std::stop_token& stop)
{
    return sendInParts(entries, 1, [&](auto part) { return sendOneCall(part, stop); });
}

std::vector<SendOutcome> DpsDestination::sendOneCall(std::span<const OutboxEntry> entries, const std::stop_token& stop)
{
    if (!pace(stop)) {
        return {entries.size(), Undecided{cancelled(), {}, Delivery::NotDelivered}};
    }
    const auto outcome = m_client.bulkCreate(enrollmentsOf(entries), stop);
    if (const auto* none = std::get_if<NoAnswer>(&outcome)) {
        return {entries.size(), undecidedOf(*none)};
    }
    auto verdict = judgeBulkAnswer(std::get<HttpAnswer>(outcome), idsOf(entries), utcNow());
    return std::visit(Overloaded{[&](std::vector<ItemVerdict>& items) { return settle(entries, items, stop); },
                                 [&](SpoiledCall&) { return sendSingly(entries, stop); },
                                 [&](Undecided& open) {
                                     return std::vector<SendOutcome>{entries.size(), std::move(open)};
                                 }},
                      verdict);
}

std::vector<SendOutcome> DpsDestination::settle(std::span<const OutboxEntry> entries,
                                                std::span<const ItemVerdict> verdicts, const std::stop_token& stop)
{
    std::vector<OutboxEntry> asked;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        if (std::holds_alternative<Conflict>(verdicts[i]) || std::holds_alternative<Unsaid>(verdicts[i])) {
            asked.push_back(entries[i]);
        }
    }
    auto held = readBack(asked, stop);
    auto next = held.begin();
    const Overloaded outcomeOf{
        [&](const Conflict&) { return settled(std::move(*next++), "the id was said to exist and then not found"); },
        [&](const Unsaid&) { return settled(std::move(*next++), "not created, and the service does not say why"); },
        [](const auto& decided) -> SendOutcome { return decided; }};
    std::vector<SendOutcome> outcomes;
    for (const auto& verdict : verdicts) {
        outcomes.push_back(std::visit(outcomeOf, verdict));
    }
    return outcomes;
}

std::vector<ReadBackOutcome> DpsDestination::readBack(std::span<const OutboxEntry> entries, const std::stop_token& stop)
{
    std::vector<ReadBackOutcome> outcomes;
    for (const auto& entry : entries) {
        outcomes.push_back(readBackOne(entry, stop));
        if (const auto* trouble = troubleOfAllCalls(outcomes)) {
            outcomes.resize(entries.size(), Undecided{*trouble});
            break;
        }
    }
    return outcomes;
}

ReadBackOutcome DpsDestination::readBackOne(const OutboxEntry& entry, const std::stop_token& stop)
{
    if (!pace(stop)) {
        return Undecided{cancelled()};
    }
    const auto outcome = m_client.enrollment(entry.record.registrationId, stop);
    if (const auto* none = std::get_if<NoAnswer>(&outcome)) {
        return undecidedOf(*none);
    }
    return judgeEnrollmentAnswer(std::get<HttpAnswer>(outcome), entry.record.registrationId,
                                 entry.record.endorsementKey, utcNow());
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
