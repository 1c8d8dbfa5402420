#pragma once

#include "core/base/result.h"

#include <filesystem>

namespace enroll::db::sqlite {

/// Makes an empty file that its owner alone can reach, for SQLite to fill; one that exists is never opened. SQLite
/// gives its -wal and -shm files the mode of the database file.
///
/// Closing any descriptor of a file drops every POSIX lock the process has on it, SQLite's among them: another process
/// would then take the file for unused, and remove the write-ahead log that this one goes on writing to.
/// \par Errors  S-301
/// \par Source  SQLite, "How To Corrupt An SQLite Database File", "Posix advisory locks canceled by a separate thread
///              doing close()"
Result<void> makePrivateFile(const std::filesystem::path& file);

} // namespace enroll::db::sqlite
