#pragma once

#include "db/journal/schema_steps.h"

#include <optional>
#include <string>

namespace enroll::db::journal {

/// The schema version that the file states; 0 for an empty file, which an interrupted first start leaves behind.
/// Error S-303 if the file has tables but is not a journal, or states no version.
Result<int> schemaVersion(sqlite::Connection& database);

/// Writes the version of the schema, inside the caller's Write transaction.
Result<void> setSchemaVersion(sqlite::Connection& database, int version);

/// Error unless this program can read the journal. It can read every version up to its own: the queries of db/review
/// and of verification use only what version 1 has.
/// \par Errors   S-330 (a newer program made the schema), S-332 (the journal is still empty), S-303 (it states a newer
///               version but has a schema of this program: somebody changed the version)
Result<void> requireReadableSchema(sqlite::Connection& database, SchemaSteps steps = schemaSteps());

/// The first difference between the file's tables, indexes and triggers and those that the steps up to \p version make:
/// English, one clause, naming the part that is missing, changed or foreign. Nothing if there is none.
Result<std::optional<std::string>> schemaDifference(sqlite::Connection& database, int version,
                                                    SchemaSteps steps = schemaSteps());

/// As above, for the version that the file states, which must be written as a plain number.
Result<std::optional<std::string>> schemaDifference(sqlite::Connection& database);

/// The S-330 error for a journal whose schema this program does not know.
Error newerSchema(int found, SchemaSteps steps);

/// The id that was given to this journal when it was made; the genesis hash of its chain is computed from it.
Result<std::string> journalId(sqlite::Connection& database);

} // namespace enroll::db::journal
