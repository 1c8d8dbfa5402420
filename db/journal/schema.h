#pragma once

#include "db/journal/schema_steps.h"

#include <optional>
#include <string>

namespace enroll::db::journal {

/// The version that the file says its schema has; 0 for an empty file, as an opening that was interrupted leaves it.
/// Error S-303 if the file holds other tables than a journal's, or no version.
Result<int> schemaVersion(sqlite::Connection& database);

/// Writes the version of the schema, inside the caller's Write transaction.
Result<void> setSchemaVersion(sqlite::Connection& database, int version);

/// Error S-330 if a newer program made the schema, S-332 if the journal is still empty, S-303 if the schema is one of
/// this program's and says to be a newer one. Every version from 1 on can be read as it is: the queries of review and
/// of verification name only what version 1 has.
Result<void> requireReadableSchema(sqlite::Connection& database, SchemaSteps steps = schemaSteps());

/// How the tables, indexes and triggers of the file differ from what the steps up to \p version make: English, one
/// clause, naming what is missing, changed or not a journal's. Nothing if all is as it should be.
Result<std::optional<std::string>> schemaDifference(sqlite::Connection& database, int version,
                                                    SchemaSteps steps = schemaSteps());

/// As above, for the version that the file names; the spelling of that version must be right too.
Result<std::optional<std::string>> schemaDifference(sqlite::Connection& database);

/// The S-330 of a journal whose schema this program does not know.
Error newerSchema(int found, SchemaSteps steps);

/// The id given to this journal when it was made; its chain's genesis.
Result<std::string> journalId(sqlite::Connection& database);

} // namespace enroll::db::journal
