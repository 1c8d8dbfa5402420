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
class DpsDestination final : public delivery::Destination {
public:
    DpsDestination(DpsClient client, delivery::RateLimiter limiter, delivery::Waiting& waiting);

    std::vector<delivery::SendOutcome> send(std::span<const delivery::OutboxEntry> entries,
                                            const std::stop_token& stop) override;
    std::vector<delivery::ReadBackOutcome> readBack(std::span<const delivery::OutboxEntry> entries,
                                                    const std::stop_token& stop) override;

private:
    std::vector<delivery::SendOutcome> sendOneCall(std::span<const delivery::OutboxEntry> entries,
                                                   const std::stop_token& stop);
    std::vector<delivery::SendOutcome> sendSingly(std::span<const delivery::OutboxEntry> entries,
                                                  const std::stop_token& stop);
    std::vector<delivery::SendOutcome> settle(std::span<const delivery::OutboxEntry> entries,
                                              std::span<const ItemVerdict> verdicts, const std::stop_token& stop);
    delivery::ReadBackOutcome readBackOne(const delivery::OutboxEntry& entry, const std::stop_token& stop);
    bool pace(const std::stop_token& stop);

    DpsClient m_client;
    delivery::RateLimiter m_limiter;
    delivery::Waiting& m_waiting;
};

} // namespace enroll::db::dps
