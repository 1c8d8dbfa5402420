#pragma once

#include "db/journal/schema_steps.h"

#include <optional>
#include <string>

namespace enroll::db::journal {

/// The schema version that the file states; 0 for an empty file, which an interrupted first start leaves behind.
/// Error S-303 if the file has tables but is not a journal, or states no version.
Result<int> schemaVersion(sqlite::Connection& database);

/// How the journal keeps its schema: the version in its meta table, the hash its chain ends with as the mark of what it
/// holds.
const sqlite::SchemaKind& journalSchema() noexcept;

/// Error unless this program can read the journal. It can read every version up to its own: the queries of db/review
/// and of verification use only what version 1 has.
/// \par Errors   S-330 (a newer program made the schema), S-339 (the journal is still empty), S-303 (it states a newer
///               version but has a schema of this program: somebody changed the version)
Result<void> requireReadableSchema(sqlite::Connection& database, SchemaSteps steps = schemaSteps());

/// sqlite::schemaDifference() to the steps up to \p version.
Result<std::optional<std::string>> schemaDifference(sqlite::Connection& database, int version,
                                                    SchemaSteps steps = schemaSteps());

/// As above, for the version that the file states, which must be written as a plain number.
Result<std::optional<std::string>> schemaDifference(sqlite::Connection& database);

/// The id given to this journal when it was made; its chain's genesis.
Result<std::string> journalId(sqlite::Connection& database);

} // namespace enroll::db::journal
