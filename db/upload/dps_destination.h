#pragma once

#include "db/upload/dps_answer.h"
#include "db/upload/dps_client.h"
#include "db/upload/rate_limiter.h"
#include "db/upload/waiting.h"

namespace enroll::db::upload {

/// A provisioning service that speaks the DPS protocol.
///
/// send() makes bulk creations of at most ten. Of each item:
/// - the whole call succeeded: Accepted;
/// - the call did not, and the item is not named: read back at once, like the next;
/// - 409, the id exists: read back and compared at once. The same endorsement key is Accepted, another one is Rejected
///   with U-409. Only the key decides: an enrollment that was disabled or given another hub or tags by the cloud's
///   people stays theirs, and is not touched;
/// - 429 or a 5xx for the item alone: Undecided;
/// - anything else: Rejected with the service's reason.
///
/// A whole call that is refused with 400 or 413 is sent again one by one, so that a record which spoils the call does
/// not hold up nine good ones. Trouble that may lie in one record alone (a 5xx, an answer that is none) leaves that one
/// Undecided and goes on with the next; after any other the rest is spared. 401 and 403 for the whole call leave
/// everything Undecided with U-401 and U-403; 429 and 503 were not processed; other 5xx and lost answers are in doubt.
class DpsDestination final : public Destination {
public:
    DpsDestination(DpsClient client, RateLimiter limiter, Waiting& waiting);

    std::vector<SendOutcome> send(std::span<const OutboxEntry> entries, const std::stop_token& stop) override;
    std::vector<ReadBackOutcome> readBack(std::span<const OutboxEntry> entries, const std::stop_token& stop) override;

private:
    std::vector<SendOutcome> sendOneCall(std::span<const OutboxEntry> entries, const std::stop_token& stop);
    std::vector<SendOutcome> sendSingly(std::span<const OutboxEntry> entries, const std::stop_token& stop);
    std::vector<SendOutcome> settle(std::span<const OutboxEntry> entries, std::span<const ItemVerdict> verdicts,
                                    const std::stop_token& stop);
    ReadBackOutcome readBackOne(const OutboxEntry& entry, const std::stop_token& stop);
    bool pace(const std::stop_token& stop);

    DpsClient m_client;
    RateLimiter m_limiter;
    Waiting& m_waiting;
};

} // namespace enroll::db::upload
