#pragma once

#include "db/sqlite/schema.h"

namespace enroll::db::journal {

using sqlite::SchemaSteps;

/// The steps of the journal's schema; the last makes the schema that this program writes. They change search tables,
/// indexes and triggers; the chain's entries stay as they are.
SchemaSteps schemaSteps() noexcept;

} // namespace enroll::db::journal
