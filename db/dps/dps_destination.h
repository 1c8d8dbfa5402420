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
/// - 409, the id exists: read back and compared at once. The same endorsement key is Accepted, another one is refused
///   with U-409. Only the key decides: an enrollment that was disabled or given another hub or tags by the cloud's
///   people stays theirs, and is not touched;
/// - 429 or a 5xx for the item alone: busy, or in doubt;
/// - 401 or 403 for the item, a quota or a right: RefusedAll with U-416;
/// - anything else: refused with the service's reason.
///
/// Whose fault a refusal is, the answers to the other records of the same send() show. Beside a record that the service
/// created it is the refused record's own (U-400). Two records refused with the same code and none created: the service
/// would refuse any (U-416). The last refused record is remembered, so that records which come one at a time are told
/// apart too. A single record whose whole call was refused is judged by a question that every service can answer.
///
/// A whole call that is refused with 400 or 413 is sent again one by one, so that a record which spoils the call does
/// not hold up nine good ones. Trouble that may lie in one record alone (a 5xx, an answer that is none) leaves that one
/// in doubt and goes on with the next; after any other the rest is spared. 401 and 403 for the whole call, in the
/// service's own form, need a person; 429 and 503 were not processed; other 5xx and lost answers are in doubt.
class DpsDestination final : public delivery::Destination {
public:
    DpsDestination(DpsClient client, delivery::RateLimiter limiter, delivery::Waiting& waiting);

    std::vector<delivery::SendOutcome> send(std::span<const delivery::OutboxEntry> entries,
                                            const std::stop_token& stop) override;
    std::vector<delivery::ReadBackOutcome> readBack(std::span<const delivery::OutboxEntry> entries,
                                                    const std::stop_token& stop) override;

private:
    /// The service holds the record already, which does not show that it takes others.
    struct HeldAlready {};
    /// What the service said of one record, before the others are looked at.
    using Answered = std::variant<delivery::Accepted, HeldAlready, Refused, delivery::Trouble>;

    std::vector<Answered> sendOneCall(std::span<const delivery::OutboxEntry> entries, const std::stop_token& stop);
    std::vector<Answered> sendSingly(std::span<const delivery::OutboxEntry> entries, const std::stop_token& stop);
    std::vector<Answered> settle(std::span<const delivery::OutboxEntry> entries, std::span<const ItemVerdict> verdicts,
                                 const std::stop_token& stop);
    std::vector<delivery::SendOutcome> judged(const std::vector<Answered>& answers, const std::stop_token& stop);
    bool isOwnFault(const Refused& refused, const std::vector<Answered>& answers, const std::stop_token& stop);
    bool takesQuestions(const std::stop_token& stop);
    delivery::ReadBackOutcome readBackOne(const delivery::OutboxEntry& entry, const std::stop_token& stop);
    bool pace(const std::stop_token& stop);

    DpsClient m_client;
    delivery::RateLimiter m_limiter;
    delivery::Waiting& m_waiting;
    std::optional<int> m_lastRefusal; ///< the service's code for the last refused record, unless one was created since
};

} // namespace enroll::db::dps
