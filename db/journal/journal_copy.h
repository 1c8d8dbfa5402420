#pragma once

#include "core/audit/chain.h"
#include "db/sqlite/connection.h"

namespace enroll::db::journal {

/// "journal.sqlite.schema-1.3f9a12bc40d55e71": beside the journal, named after its schema and the hash its chain ends
/// with. Two journals of one name hold the same.
std::filesystem::path copyName(const std::filesystem::path& file, int version, const audit::ChainHead& head);

/// Copies the whole journal, its write-ahead log included, into \p copy, for its owner alone. Under its name it is
/// whole and on the disk: it is written under another name, synced and renamed. A copy that is there already is kept.
/// Outside any transaction. Error S-301.
/// \par Source   SQLite, "VACUUM", "VACUUM with an INTO clause"
Result<void> copyBeside(sqlite::Connection& database, const std::filesystem::path& copy);

} // namespace enroll::db::journal
