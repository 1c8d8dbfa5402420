#pragma once

#include "core/audit/chain.h"
#include "db/sqlite/connection.h"

namespace enroll::db::journal {

/// The name of the copy, beside the journal: "journal.sqlite.schema-1.3f9a12bc40d55e71", from the schema version and
/// the hash at the end of the chain. So two copies of one name hold the same entries.
std::filesystem::path copyName(const std::filesystem::path& file, int version, const audit::ChainHead& head);

/// Copies the whole journal, with what is still in its write-ahead log, to \p copy (permissions 0600). The copy is
/// written under another name, synced and renamed: a file named \p copy is always complete. One that exists is kept.
/// Must be called outside any transaction, as VACUUM requires. Error S-301.
/// \par Source   SQLite, "VACUUM", "VACUUM with an INTO clause"
Result<void> copyBeside(sqlite::Connection& database, const std::filesystem::path& copy);

} // namespace enroll::db::journal
