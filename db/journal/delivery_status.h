#pragma once

#include "core/enrollment/attestation_run.h"
#include "db/documents/record_not_understood.h"
#include "db/journal/bad_entry.h"
#include "db/sqlite/connection.h"

#include <optional>

namespace enroll::db::journal {

/// How far a record is at one destination.
struct DeliveryStatus {
    enrollment::RegistrationId registrationId;
    enrollment::RecordState state = enrollment::RecordState::Queued;
    int attempts = 0;            ///< how often it was marked as sent
    std::int64_t rejectedBy = 0; ///< the newest delivery event that says rejected; 0 without one
    /// Present where the entry, or the newest event, says something that this program does not understand: whoever sends
    /// leaves the record to a newer program.
    std::optional<documents::RecordNotUnderstood> notUnderstood = {};
};

/// What the state column of an outbox entry holds in the state \p state. One that was set aside is rejected there: the
/// schema knows four words, and an older program goes by them.
enrollment::RecordState stateInColumn(enrollment::RecordState state) noexcept;

/// SQL: the state of the outbox entry `o`, by its column and, where that cannot tell, its last delivery event.
#define ENROLL_OUTBOX_ENTRY_STATE                                                                                      \
    "(CASE WHEN o.state = 'rejected' AND (SELECT e.state FROM delivery_event e WHERE e.outbox_seq = o.seq"             \
    " ORDER BY e.seq DESC LIMIT 1) = 'set-aside' THEN 'set-aside' ELSE o.state END)"

/// SQL condition: the record in row `r` is set aside at some destination, and was not taken back there since.
#define ENROLL_RECORD_IS_SET_ASIDE                                                                                     \
    "EXISTS (SELECT 1 FROM outbox_entry o WHERE o.record_seq = r.seq AND " ENROLL_OUTBOX_ENTRY_STATE " = 'set-aside')"

/// "queued", "sent", … as the search tables hold it. Error S-303.
Result<enrollment::RecordState> recordStateFromText(const sqlite::Connection& database, const std::string& text);

/// How far outbox entry \p seq is by its delivery events, of which the newest is proven, as is the entry itself. The
/// state column alone decides nothing: whoever sends, closes or queues again asks here. Inside a transaction.
/// \par Errors   S-303 if the columns say otherwise than the events, or if an event stands where it cannot; as
///               storedEntry()
Result<DeliveryStatus> deliveryStatus(sqlite::Connection& database, std::int64_t seq);

/// Finds a delivery event that cannot follow the one before it: an accepted entry stays accepted; a rejected one can only
/// be queued again or set aside, and one that was set aside only be queued again; an open one cannot. What a state means
/// that only a newer program knows is not judged. Errors as sqlite::Connection.
Result<std::optional<BadEntry>> verifyDeliveryOrder(sqlite::Connection& database);

} // namespace enroll::db::journal
