#pragma once

#include "core/base/clock.h"
#include "db/journal/schema_steps.h"

#include <filesystem>

namespace enroll::db::journal {

/// Brings the journal in \p file, open as \p database, to the last of \p steps, as sqlite::migrateSchema(). The caller
/// holds the lock that keeps others from doing the same. An empty journal gets its id and its first entry in the
/// transaction of its tables.
///
/// \par Errors   S-304 (a newer program made the schema), S-303 (the schema was altered), S-302 (another program wrote
///               while the journal was copied), S-301. No error leaves a half-done step
Result<void> migrateSchema(sqlite::Connection& database, const std::filesystem::path& file, UtcTime now,
                           SchemaSteps steps = schemaSteps());

} // namespace enroll::db::journal
