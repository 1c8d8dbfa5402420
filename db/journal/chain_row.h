#pragma once

#include "core/audit/chain.h"
#include "db/sqlite/connection.h"

namespace enroll::db::journal {

/// Reads the entries behind entry \p seq in their order, from the table itself: an index could hide rows or show others.
Result<sqlite::Statement> chainAfter(sqlite::Connection& database, std::int64_t seq);

/// True if the columns of a row of chainAfter() have the types of the schema. A text in place of a blob could read as the
/// same bytes.
bool hasColumnTypes(const sqlite::Statement& row);

/// A row of chainAfter().
audit::ChainEntry entryOf(const sqlite::Statement& row);

/// What is wrong with a row without these types: English, one clause.
inline constexpr std::string_view kOtherColumnTypes = "its columns do not have the types of the schema";

} // namespace enroll::db::journal
