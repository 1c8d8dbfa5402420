#pragma once

#include "core/audit/chain.h"
#include "core/enrollment/enrollment_record.h"
#include "db/documents/record_not_understood.h"
#include "db/sqlite/connection.h"

#include <QByteArray>
#include <QJsonObject>

#include <variant>

namespace enroll::db::journal {

/// Chain entry \p seq, proven: its bytes have its hash, and the entry after it, or the stored end of the chain, holds that
/// hash. One hash of one entry; verifyJournal() proves the chain as a whole. Of the kind \p kind, if that is given.
/// \par Errors   S-303 with the entry and what is wrong with it, S-340, as sqlite::Connection
Result<audit::ChainEntry> provenEntry(sqlite::Connection& database, std::int64_t seq, std::string_view kind = {});

/// What an entry of the journal says.
struct StoredEntry {
    std::string id;               ///< run id or registration id, for messages; may be empty
    std::string at;               ///< when it was appended, as the chain has it: ISO 8601, UTC
    Result<QJsonObject> document; ///< error S-334 if the body is no JSON object
};

/// "enrollment-station/enrollment-record/1", as the document of \p entry says; empty if it says none.
std::string schemaOf(const StoredEntry& entry);

/// The only way to a stored document for whoever acts on it: entry \p seq, proven, of the kind \p kind and with a search
/// row that says the same. Errors as provenEntry().
Result<StoredEntry> storedEntry(sqlite::Connection& database, std::int64_t seq, std::string_view kind);

/// The record of entry \p seq, as storedEntry(), for a decision of this station: one of a newer version counts as far as it
/// is read, because a duplicate is one whichever program enrolled it. Error S-304 if this program cannot read it: then a
/// newer program wrote it, as the chain proves the bytes, and a decision without the record could be wrong.
Result<enrollment::EnrollmentRecord> storedRecord(sqlite::Connection& database, std::int64_t seq);

using RecordToPassOn = std::variant<enrollment::EnrollmentRecord, documents::RecordNotUnderstood>;

/// The record of entry \p seq, to be sent or exported. A record that this program does not understand is a value and no
/// error, because an error would hold up all other records.
Result<RecordToPassOn> recordToPassOn(sqlite::Connection& database, std::int64_t seq);

} // namespace enroll::db::journal
