#pragma once

#include "core/enrollment/attestation_run.h"
#include "db/documents/member_reader.h"
#include "db/documents/outbox_document.h"
#include "db/journal/chain_store.h"

namespace enroll::db::journal {

/// Appends the entry that queues a record. Inside a Write transaction.
Result<void> queueRecord(ChainStore& chain, UtcTime now, const documents::OutboxNote& note);

/// "queued", "sent", … as the search table holds it. Error S-303.
Result<enrollment::RecordState> recordStateFromText(const std::string& text);

/// How far the record of \p registrationId and \p serialNumber has come at each destination now, in the order it was
/// queued; nothing if there is no such record. The one-off destination is left out where there is another.
Result<std::optional<enrollment::RecordSummary>> recordSummary(sqlite::Connection& database,
                                                               const enrollment::RegistrationId& registrationId,
                                                               const enrollment::SerialNumber& serialNumber);

} // namespace enroll::db::journal
