#pragma once

#include "db/journal/journal_database.h"
#include "db/journal/journal_options.h"

namespace enroll::db::journal {

/// Makes directory, file and schema where they do not exist, migrates an older schema. Errors S-301, S-302, S-303,
/// S-330 (made by a newer version).
Result<std::unique_ptr<JournalDatabase>> openForWriting(const JournalOptions& options);

/// Error S-332 if there is no journal; changes nothing. Errors S-301, S-302, S-303, S-330.
Result<std::unique_ptr<JournalDatabase>> openForReading(const std::filesystem::path& dataDirectory);

} // namespace enroll::db::journal
