#pragma once

#include "core/base/clock.h"
#include "db/journal/schema_steps.h"

#include <filesystem>

namespace enroll::db::journal {

/// Brings the journal in \p file, open as \p database, to the schema of the last of \p steps. The caller holds
/// journal.lock, so that no two programs migrate at a time.
///
/// An empty journal gets all steps, its id and its first entry in one transaction. A journal of an older schema is
/// first copied beside itself (copyBeside()); then each step is one transaction, so that an interruption leaves the
/// journal at the version before or after a step. A schema that differs from what its version says is never migrated.
///
/// \par Errors   S-330 (a newer program made the schema), S-303 (the schema was altered), S-302 (another program wrote
///               while the journal was copied), S-301. No error leaves a half-done step
Result<void> migrateSchema(sqlite::Connection& database, const std::filesystem::path& file, UtcTime now,
                           SchemaSteps steps = schemaSteps());

} // namespace enroll::db::journal
