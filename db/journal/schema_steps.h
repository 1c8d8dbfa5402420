#pragma once

#include "db/sqlite/connection.h"

namespace enroll::db::journal {

/// One step of the journal's schema: from version - 1 to version.
///
/// A step runs inside the transaction that also writes the new version, so it does nothing that SQLite cannot roll back.
/// It changes search tables, indexes and triggers; the chain's entries stay as they are. A step that shipped is never
/// changed: journals that it made exist.
struct SchemaStep {
    int version;
    Result<void> (*run)(sqlite::Connection& database);
};

/// Steps from an empty file on: 1, 2, 3, … without a gap.
using SchemaSteps = std::span<const SchemaStep>;

/// The steps of this program; the last makes the schema that it writes.
SchemaSteps schemaSteps() noexcept;

} // namespace enroll::db::journal
