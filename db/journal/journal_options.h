#pragma once

#include "core/base/clock.h"
#include "core/enrollment/ids.h"

#include <filesystem>
#include <functional>
#include <stop_token>
#include <vector>

namespace enroll::db::journal {

struct JournalOptions {
    std::filesystem::path dataDirectory;                   ///< holds journal.sqlite; made (0700) if it does not exist
    std::vector<enrollment::DestinationName> destinations; ///< every new record is queued for each of them
    std::chrono::milliseconds busyTimeout{5000};           ///< how long to wait for another writer before S-302
    std::function<UtcTime()> now = utcNow;
    std::stop_token stop = {}; ///< ends the opening for writing, which reads through the search tables: error D-141
};

/// The database file below a data directory.
std::filesystem::path journalFile(const std::filesystem::path& dataDirectory);

} // namespace enroll::db::journal
