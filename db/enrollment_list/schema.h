#pragma once

#include "db/sqlite/schema.h"

namespace enroll::db::enrollment_list {

/// The steps of the list's schema; the last makes the schema that this program writes. Each keeps the columns that
/// schema.cpp makes the mark of a list's content of.
sqlite::SchemaSteps schemaSteps() noexcept;

/// Error P-703 if the list that was begun in \p file is gone: sqlite::requireNotLost().
Result<void> requireNotLost(const std::filesystem::path& file);

/// Brings \p file, open as \p connection, to the last of \p steps, as sqlite::migrateSchema(); several processes and
/// threads may do so at once, each waits up to \p patience for the others. Errors P-701, P-702, P-703, P-704 (a newer
/// program made the list).
Result<void> requireSchema(sqlite::Connection& connection, const std::filesystem::path& file,
                           std::chrono::milliseconds patience, sqlite::SchemaSteps steps = schemaSteps());

} // namespace enroll::db::enrollment_list
