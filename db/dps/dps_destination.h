#pragma once

#include "core/delivery/rate_limiter.h"
#include "core/delivery/waiting.h"
#include "db/dps/dps_answer.h"
#include "db/dps/dps_client.h"

namespace enroll::db::dps {

/// A provisioning service that speaks the DPS protocol.
///
/// send() makes bulk creations of at most ten. Of each item:
/// - the whole call succeeded: Accepted;
/// - the call did not, and the item is not named: read back at once, like the next;
/// - 409, the id exists: read back and compared at once. What says all that the record says is Accepted. Another
///   endorsement key is refused with U-409, another value of a member that the record sets (disabled, another device id
///   or hub) with U-410. What the cloud's people hold there stays theirs, and is not touched;
/// - 429 or a 5xx for the item alone: busy, or in doubt;
/// - 401 or 403 for the item, a quota or a right: RefusedAll with U-416;
/// - anything else: refused with the service's reason.
///
/// Whose fault a refusal is, the answers to the other records of the same send() show. Beside a record that the service
/// created it is the refused record's own (U-400), unless the service says the same code and words of two or more of
/// them: a limit that was reached, or a hub of the profile that is wrong, is not the records' fault. Where none was
/// created, the service may refuse any. Either way (U-416) such a record is never closed, however often it is refused.
/// Records that were not created beside refused ones are sent again at once without these, so that a service which
/// takes all of a call or nothing shows whose fault it is as well.
///
/// A whole call that is refused with 400 or 413 is sent again one by one, so that a record which spoils the call does
/// not hold up nine good ones; unless the service refuses a question too that has nothing in it to refuse, which needs a
/// person (U-416). Trouble that may lie in one record alone (a 5xx, an answer that is none) leaves that one in doubt and
/// goes on with the next; after any other the rest is spared. 401 and 403 for the whole call, in the service's own form,
/// need a person; 429 and 503 were not processed; other 5xx and lost answers are in doubt.
class DpsDestination final : public delivery::Destination {
public:
    DpsDestination(DpsClient client, delivery::RateLimiter limiter, delivery::Waiting& waiting);

    std::vector<delivery::SendOutcome> send(std::span<const delivery::OutboxEntry> entries,
                                            delivery::Departure& departure, const std::stop_token& stop) override;
    std::vector<delivery::ReadBackOutcome> readBack(std::span<const delivery::OutboxEntry> entries,
                                                    const std::stop_token& stop) override;
    /// Asks for an enrollment that nobody has: the service answers 404201 once everything else is right.
    Result<void> probe(const std::stop_token& stop) override;

private:
    /// The service holds the record already, which does not show that it takes others.
    struct HeldAlready {};
    /// The call did not succeed; the service says nothing of the record, and does not hold it.
    struct NotCreated {};
    /// What the service said of one record, before the others are looked at.
    using Answered = std::variant<delivery::Accepted, HeldAlready, NotCreated, Refused, delivery::Trouble>;

    /// What a send() was given beside its entries.
    struct Sending {
        delivery::Departure& departure;
        const std::stop_token& stop;
    };

    std::vector<Answered> sendOneCall(std::span<const delivery::OutboxEntry> entries, const Sending& sending);
    std::vector<Answered> sendSingly(std::span<const delivery::OutboxEntry> entries, const SpoiledCall& spoiled,
                                     const Sending& sending);
    std::vector<Answered> settle(std::span<const delivery::OutboxEntry> entries, std::span<const ItemVerdict> verdicts,
                                 const Sending& sending);
    void sendWithoutRefused(std::span<const delivery::OutboxEntry> entries, std::vector<Answered>& answers,
                            const Sending& sending);
    static std::vector<delivery::SendOutcome> judged(std::span<const delivery::OutboxEntry> entries,
                                                     const std::vector<Answered>& answers);
    std::optional<HttpOutcome> askForNobody(const std::stop_token& stop);
    bool refusesAnyCall(const std::stop_token& stop);
    delivery::ReadBackOutcome readBackOne(const delivery::OutboxEntry& entry, const std::stop_token& stop);
    bool pace(const std::stop_token& stop);

    DpsClient m_client;
    delivery::RateLimiter m_limiter;
    delivery::Waiting& m_waiting;
};

} // namespace enroll::db::dps
