#pragma once

#include "core/enrollment/attestation_run.h"
#include "db/journal/bad_entry.h"
#include "db/sqlite/connection.h"

#include <optional>

namespace enroll::db::journal {

/// How far a record is at one destination.
struct DeliveryStatus {
    enrollment::RegistrationId registrationId;
    enrollment::RecordState state = enrollment::RecordState::Queued;
    int attempts = 0; ///< how often it was marked as sent
};

/// "queued", "sent", … as the search tables hold it. Error S-303.
Result<enrollment::RecordState> recordStateFromText(const sqlite::Connection& database, const std::string& text);

/// How far outbox entry \p seq is by its delivery events, of which the newest is proven, as is the entry itself. The
/// state column alone decides nothing: whoever sends, closes or queues again asks here. Inside a transaction.
/// \par Errors   S-303 if the columns say otherwise than the events, or if an event stands where it cannot; as
///               storedEntry()
Result<DeliveryStatus> deliveryStatus(sqlite::Connection& database, std::int64_t seq);

/// Finds a delivery event that cannot follow the one before it: an accepted entry stays accepted, and a rejected one can
/// only be queued again, which no other can. What a state means that only a newer program knows is not judged. Errors
/// as sqlite::Connection.
Result<std::optional<BadEntry>> verifyDeliveryOrder(sqlite::Connection& database);

} // namespace enroll::db::journal
