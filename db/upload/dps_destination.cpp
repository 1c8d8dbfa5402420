#include "db/upload/dps_destination.h"

#include "db/upload/dps_answer.h"
#include "db/upload/enrollment_of_record.h"

#include <algorithm>
#include <iterator>

namespace enroll::db::upload {
namespace {

template <class... Fs>
struct Overloaded : Fs... {
    using Fs::operator()...;
};
template <class... Fs>
Overloaded(Fs...) -> Overloaded<Fs...>;

Error cancelled()
{
    return makeError(ErrorCode::Cancelled, "a stop was asked");
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

const Undecided* undecidedAmong(const std::vector<SendOutcome>& outcomes)
{
    const auto at = std::ranges::find_if(outcomes, [](const auto& o) { return std::holds_alternative<Undecided>(o); });
    return at == outcomes.end() ? nullptr : &std::get<Undecided>(*at);
}

Undecided undecidedOf(const NoAnswer& none)
{
    return {none.error, {}, none.delivery};
}

SendOutcome settled(ReadBackOutcome outcome)
{
    return std::visit(Overloaded{[](Absent) -> SendOutcome {
                                     return Undecided{makeError(ErrorCode::CloudAnswerMalformed,
                                                                "the id was said to exist and then not found"),
                                                      {},
                                                      Delivery::NotDelivered};
                                 },
                                 [](auto&& other) -> SendOutcome { return std::forward<decltype(other)>(other); }},
                      std::move(outcome));
}

/// Sends part after part, and spares the rest once a part met trouble: it would meet the same.
template <class SendPart>
std::vector<SendOutcome> sendInParts(std::span<const OutboxEntry> entries, std::size_t size, SendPart sendPart)
{
    std::vector<SendOutcome> outcomes;
    while (outcomes.size() < entries.size()) {
        const auto rest = entries.subspan(outcomes.size());
        auto part = sendPart(rest.first(std::min(size, rest.size())));
        std::ranges::move(part, std::back_inserter(outcomes));
        if (const auto* trouble = undecidedAmong(outcomes)) {
            const Undecided spared{trouble->error, trouble->retryAfter, Delivery::NotDelivered};
            outcomes.resize(entries.size(), spared);
        }
    }
    return outcomes;
}

} // namespace

DpsDestination::DpsDestination(DpsClient client, RateLimiter limiter, Waiting& waiting)
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
    std::vector<SendOutcome> outcomes;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        outcomes.push_back(
            std::visit(Overloaded{[&](const Conflict&) { return settled(readBackOne(entries[i], stop)); },
                                  [](const auto& decided) -> SendOutcome { return decided; }},
                       verdicts[i]));
    }
    return outcomes;
}

std::vector<ReadBackOutcome> DpsDestination::readBack(std::span<const OutboxEntry> entries, const std::stop_token& stop)
{
    std::vector<ReadBackOutcome> outcomes;
    for (const auto& entry : entries) {
        outcomes.push_back(readBackOne(entry, stop));
        if (const auto* trouble = std::get_if<Undecided>(&outcomes.back())) {
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

} // namespace enroll::db::upload
