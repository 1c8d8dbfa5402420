#pragma once

#include "core/base/clock.h"
#include "db/journal/schema_steps.h"

#include <filesystem>

namespace enroll::db::journal {

/// Brings the journal in \p file, open as \p database, to the last of \p steps. The caller holds the lock that keeps
/// others from doing the same.
///
/// An empty journal gets all steps, its id and its first entry in one transaction. A journal of an older schema is
/// copied beside itself first (copyBeside()), then each step is one transaction: an interruption leaves the journal at
/// the version before that step or after it. A schema that is not exactly what its version says is never migrated.
///
/// \par Errors   S-330 (a newer program made the schema), S-303 (the schema was altered), S-302 (another program wrote
///               while the journal was copied), S-301; the journal is then at a version that it was at before
Result<void> migrateSchema(sqlite::Connection& database, const std::filesystem::path& file, UtcTime now,
                           SchemaSteps steps = schemaSteps());

} // namespace enroll::db::journal
