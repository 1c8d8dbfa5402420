#pragma once

#include "db/journal/journal_options.h"
#include "db/sqlite/connection.h"

namespace enroll::db::journal {

/// Makes the data directory with permissions 0700 unless it exists. Error S-301.
Result<void> makeDataDirectory(const std::filesystem::path& directory);

/// Connects to the file. Nothing is made, migrated or checked. Errors S-301, S-302, S-303.
Result<std::unique_ptr<sqlite::Connection>> connectTo(const std::filesystem::path& file, sqlite::Access access,
                                                      std::chrono::milliseconds busyTimeout);

/// A journal was begun here. Errors S-303 (it was, and is gone: sqlite::birthMark()), S-333 (the system does not say)
Result<bool> hasJournal(const std::filesystem::path& dataDirectory);

/// Error unless there is a journal: for what only reads or sends what exists, before openForWriting() would make one.
/// \par Errors   S-339 naming the directory (there is none), and those of hasJournal()
Result<void> requireJournal(const std::filesystem::path& dataDirectory);

/// Opens the journal for writing: makes directory, file and schema if they do not exist, and migrates an older schema
/// (migrateSchema()). Errors S-301, S-302, S-303 (damaged, search rows or the chain's end were altered, or the journal that
/// was begun here is gone), S-304 (made by a newer version), D-141 (JournalOptions::stop).
Result<std::unique_ptr<sqlite::Connection>> openForWriting(const JournalOptions& options);

/// Opens the journal for reading, an older schema as it is. Changes nothing.
///
/// Works in a directory that cannot be written, too, unless the journal's last entries are still in its write-ahead
/// log: to read that, SQLite has to write shared memory beside the file.
/// \par Errors   S-339 or S-333 (no journal there, or it cannot be read in its place), S-301, S-302, S-303, S-304
Result<std::unique_ptr<sqlite::Connection>> openForReading(const std::filesystem::path& dataDirectory);

} // namespace enroll::db::journal
