#pragma once

#include "core/enrollment/attestation_run.h"
#include "db/documents/member_reader.h"
#include "db/documents/outbox_document.h"
#include "db/journal/chain_store.h"

namespace enroll::db::journal {

/// Appends the chain entry that queues a record for a destination. Inside the Write transaction of \p chain.
Result<void> queueRecord(ChainStore& chain, UtcTime now, const documents::OutboxNote& note);

/// Appends a step that an entry takes, and leaves the entry in the state of that step. Inside a Write transaction. The
/// schema refuses a step of an accepted entry, and one of a rejected entry that neither queues it again nor sets it aside.
Result<void> appendDeliveryEvent(sqlite::Connection& database, ChainStore& chain, UtcTime now,
                                 const documents::DeliveryEvent& event);

/// What the destination said in \p rejectedBy, a delivery event as DeliveryStatus has it; empty if only a newer program can
/// read it. Inside a transaction. Errors as storedEntry().
Result<std::string> reasonOfRejection(sqlite::Connection& database, std::int64_t rejectedBy);

/// The state of the record of \p registrationId and \p serialNumber at each destination now, in the order in which it
/// was queued; nothing if there is no such record. The one-off destination is left out if there is another. Inside a
/// transaction. Error S-303 where the delivery events say otherwise than the search tables: deliveryStatus().
Result<std::optional<enrollment::RecordSummary>> recordSummary(sqlite::Connection& database,
                                                               const enrollment::RegistrationId& registrationId,
                                                               const enrollment::SerialNumber& serialNumber);

} // namespace enroll::db::journal
