#pragma once

#include "core/enrollment/attestation_run.h"
#include "db/documents/member_reader.h"
#include "db/documents/outbox_document.h"
#include "db/journal/chain_store.h"

namespace enroll::db::journal {

/// Appends the chain entry that queues a record for a destination. Inside the Write transaction of \p chain.
Result<void> queueRecord(ChainStore& chain, UtcTime now, const documents::OutboxNote& note);

/// The state for a word of the search table ("queued", "sent", …). Error S-303 for any other word.
Result<enrollment::RecordState> recordStateFromText(const std::string& text);

/// The state of the record of \p registrationId and \p serialNumber at each destination now, in the order in which it
/// was queued; nothing if there is no such record. The one-off destination is left out if there is another.
Result<std::optional<enrollment::RecordSummary>> recordSummary(sqlite::Connection& database,
                                                               const enrollment::RegistrationId& registrationId,
                                                               const enrollment::SerialNumber& serialNumber);

} // namespace enroll::db::journal
