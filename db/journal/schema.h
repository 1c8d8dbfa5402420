#pragma once

#include "core/base/clock.h"
#include "db/journal/journal_database.h"

#include <optional>

namespace enroll::db::journal {

inline constexpr int kSchemaVersion = 1;

/// Brings an empty or older journal to kSchemaVersion in one transaction; an empty one gets its id and first entry.
/// Errors S-330 (newer than this program), S-301, S-302, S-303.
Result<void> migrateSchema(JournalDatabase& database, UtcTime now);

/// Error S-330 unless the schema is this program's, S-303 if it is but says to be a newer one.
Result<void> requireCurrentSchema(JournalDatabase& database);

/// What of the file's schema is not as kSchemaVersion makes it, English, one clause: a table, index or trigger that is
/// missing, changed or nobody's, or the version itself. Nothing if all is as it should be. Errors as JournalDatabase.
Result<std::optional<std::string>> schemaDifference(JournalDatabase& database);

/// The id given to this journal when it was made; its chain's genesis.
Result<std::string> journalId(JournalDatabase& database);

} // namespace enroll::db::journal
