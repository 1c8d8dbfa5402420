#pragma once

#include "db/journal/schema_steps.h"

#include <optional>
#include <string>

namespace enroll::db::journal {

/// The schema version that the file states; 0 for an empty file, which an interrupted first start leaves behind.
/// Error S-303 if the file has tables but is not a journal, or states no version or
/// not as a plain number.
Result<int> schemaVersion(sqlite::Connection& database);

/// How the journal keeps its schema: the version in its meta table, the hash its chain ends with as the mark of what it
/// holds.
const sqlite::SchemaKind& journalSchema() noexcept;

/// Error unless this program can read the journal. It can read every version up to its own: the queries of db/review
/// and of verification use only what version 1 has.
/// \par Errors   S-304 (a newer program made the schema), S-339 (the journal is still empty), S-303 (its tables, indexes
///               and triggers are not those of the version that it states: somebody changed one or the other)
Result<void> requireReadableSchema(sqlite::Connection& database, SchemaSteps steps = schemaSteps());

/// sqlite::schemaDifference() to the steps up to \p version.
Result<std::optional<std::string>> schemaDifference(sqlite::Connection& database, int version,
                                                    SchemaSteps steps = schemaSteps());

/// sqlite::schemaDifference() to the steps up to the version that the file states.
Result<std::optional<std::string>> schemaDifference(sqlite::Connection& database);

/// The id given to this journal when it was made; its chain's genesis.
Result<std::string> journalId(sqlite::Connection& database);

} // namespace enroll::db::journal
