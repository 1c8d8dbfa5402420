#pragma once

#include "db/sqlite/connection.h"

namespace enroll::db::sqlite {

/// "journal.sqlite.schema-1.3f9a12bc40d55e71": beside the file, named after its schema and the beginning of \p mark,
/// which tells what the file holds. Two copies of one name hold the same.
std::filesystem::path copyName(const std::filesystem::path& file, int version, const std::string& mark);

/// Copies the whole file, its write-ahead log included, into \p copy, for its owner alone. Under its name it is whole
/// and on the disk: it is written under another name, synced and renamed.
///
/// What has the name already is never replaced, opened through a link or waited for. If it is a regular file of the same
/// bytes, it is the copy; if it is anything else, a damaged copy or a link for example, the copy gets the next free name:
/// \p copy with ".2", ".3", … behind it. Outside any transaction. Error: the connection's FaultCodes::cannotSave.
/// \par Source   SQLite, "VACUUM", "VACUUM with an INTO clause"
Result<void> copyBeside(Connection& database, const std::filesystem::path& copy, const FaultCodes& codes);

} // namespace enroll::db::sqlite
