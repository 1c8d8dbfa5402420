#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>

namespace enroll::db::sqlite {

/// Fills the span with a file's bytes from the offset on: how many there were, fewer than fit only at its end.
using ReadFile = std::function<Result<std::size_t>(std::uint64_t offset, std::span<std::byte> into)>;

/// Reads the bytes of a database, its write-ahead log left aside, by SQLite's own descriptor: a descriptor of another's
/// that is closed ends every lock of this process on the file. Changes nothing and takes no lock. Call it and use it on one
/// thread.
/// \par Errors   S-333 naming \p database, of the call or of the function that it returns
/// \par Source   SQLite, "How To Corrupt An SQLite Database File", 2.2; sqlite3_file_control(), SQLITE_FCNTL_FILE_POINTER
Result<ReadFile> readerOfDatabase(const std::filesystem::path& database);

} // namespace enroll::db::sqlite
