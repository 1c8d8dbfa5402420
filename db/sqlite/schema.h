#pragma once

#include "db/sqlite/connection.h"

#include <optional>
#include <span>
#include <string>

namespace enroll::db::sqlite {

/// One step of a schema: from version - 1 to version.
///
/// A step runs inside the transaction that also writes the new version, so it does nothing that SQLite cannot roll back.
/// A step that shipped is never changed: files that it made exist.
struct SchemaStep {
    int version;
    Result<void> (*run)(Connection& database);
};

/// Steps from an empty file on: 1, 2, 3, … without a gap.
using SchemaSteps = std::span<const SchemaStep>;

/// What differs between the kinds of files that have a schema.
struct SchemaKind {
    const char* name; ///< "the journal": in messages
    FaultCodes codes; ///< damaged is also the code of a schema that is not what its version says
    ErrorCode newer;  ///< a newer program made the schema

    /// The version that the file says its schema has; 0 for an empty file.
    Result<int> (*version)(Connection& database);
    /// Writes the version, inside the caller's Write transaction.
    Result<void> (*setVersion)(Connection& database, int version);
    /// Hexadecimal; another one after anything was written to the file.
    Result<std::string> (*contentMark)(Connection& database);
    /// The id that the file got when it was begun; null if its kind has none.
    Result<std::string> (*birthId)(Connection& database);
};

/// How the tables, indexes and triggers of the file differ from what the steps up to \p version make: English, one
/// clause, naming what is missing, changed or no part of it. Nothing if all is as it should be.
Result<std::optional<std::string>> schemaDifference(Connection& database, const SchemaKind& kind, int version,
                                                    SchemaSteps steps);

/// The version that the file says its schema has, 0 for an empty file, if the schema is exactly what that version says.
/// Inside a transaction: a program that migrates meanwhile would look like one that alters.
/// \par Errors   SchemaKind::newer (a newer program made the schema); damaged if tables, indexes or triggers are not those
///               of the version, or are those of another one that this program knows; both name the file
Result<int> fittingVersion(Connection& database, const SchemaKind& kind, SchemaSteps steps);

} // namespace enroll::db::sqlite
