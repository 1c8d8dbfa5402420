#pragma once

#include "core/base/clock.h"
#include "db/journal/journal_database.h"

namespace enroll::db::journal {

inline constexpr int kSchemaVersion = 1;

/// Brings an empty or older journal to kSchemaVersion in one transaction; an empty one gets its id and first entry.
/// Errors S-330 (newer than this program), S-301, S-302, S-303.
Result<void> migrateSchema(JournalDatabase& database, UtcTime now);

/// Error S-330 unless the schema is this program's.
Result<void> requireCurrentSchema(JournalDatabase& database);

/// The id given to this journal when it was made; its chain's genesis.
Result<std::string> journalId(JournalDatabase& database);

} // namespace enroll::db::journal
