#pragma once

#include "db/journal/journal_options.h"
#include "db/sqlite/connection.h"

namespace enroll::db::journal {

/// Makes the data directory, for its owner alone (0700), unless it is there. Error S-301.
Result<void> makeDataDirectory(const std::filesystem::path& directory);

/// A connection to the file as it is: nothing is made, migrated or checked. Errors S-301, S-302, S-303.
Result<std::unique_ptr<sqlite::Connection>> connectTo(const std::filesystem::path& file, sqlite::Access access,
                                                      std::chrono::milliseconds busyTimeout);

/// Makes directory, file and schema where they do not exist, migrates an older schema (migrateSchema()). Errors S-301,
/// S-302, S-303, S-330 (made by a newer version).
Result<std::unique_ptr<sqlite::Connection>> openForWriting(const JournalOptions& options);

/// Error S-332 if there is no journal, or none that can be read where it is; changes nothing, and reads an older schema
/// as it is. A directory that cannot
/// be written is no hindrance, unless the journal's last entries are still in its write-ahead log. Errors S-301, S-302,
/// S-303, S-330.
Result<std::unique_ptr<sqlite::Connection>> openForReading(const std::filesystem::path& dataDirectory);

} // namespace enroll::db::journal
