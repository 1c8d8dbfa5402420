#pragma once

#include "db/sqlite/connection.h"

namespace enroll::db::journal {

/// One step of the journal's schema: from version - 1 to version.
///
/// A step runs inside the transaction that also writes the new version, so it must do nothing that SQLite cannot roll
/// back. It may change search tables, indexes and triggers, and never the entries of the chain. A step that was
/// released must not be edited: journals made by it exist, and verification compares their schema with it.
struct SchemaStep {
    int version;
    Result<void> (*run)(sqlite::Connection& database);
};

/// Steps 1, 2, 3, … without a gap; step 1 starts from an empty file.
using SchemaSteps = std::span<const SchemaStep>;

/// The steps of this program. The last one makes the schema that this program writes.
SchemaSteps schemaSteps() noexcept;

} // namespace enroll::db::journal
