#pragma once

#include "core/station/act.h"
#include "db/documents/clock_acceptance_document.h"
#include "db/journal/journal_options.h"

#include <optional>
#include <vector>

namespace enroll::db::sqlite {
class Connection;
}

namespace enroll::db::journal {

/// Appends the entry after which the start of no earlier run says any more that the clock is wrong: runs that were made
/// under a fast clock would stop every later one (S-341). The entry keeps who said so, when and why, and both times; an
/// older program does not understand it and goes on refusing. \p act, if any, is appended behind it.
/// \par Errors   S-339 (the clock is not behind the latest run: there is nothing to accept), S-341 (no clock is right that
///               shows this time), as openForWriting()
Result<documents::ClockAcceptance> acceptClock(const JournalOptions& options, const std::string& by,
                                               const std::string& reason, const std::optional<station::Act>& act = {});

/// One such entry.
struct AcceptedClock {
    std::int64_t seq = 0;
    documents::ClockAcceptance acceptance;
};

/// All of them, oldest first, but for those that this program cannot read. Errors as openForReading(), S-303.
Result<std::vector<AcceptedClock>> acceptedClocks(const std::filesystem::path& dataDirectory);

/// When the latest of the runs behind entry \p seq began; none if there is no run. From the search rows alone.
Result<std::optional<UtcTime>> latestStartBehind(sqlite::Connection& database, std::int64_t seq);

} // namespace enroll::db::journal
