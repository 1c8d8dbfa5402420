#include "db/journal/left_behind.h"

#include "core/enrollment/one_off_destination.h"
#include "db/journal/delivery_status.h"
#include "db/journal/open_journal.h"

#include <algorithm>

namespace enroll::db::journal {

using enrollment::DestinationName;

Result<std::vector<LeftBehind>> leftBehind(const std::filesystem::path& dataDirectory,
                                           std::span<const DestinationName> configured)
{
    TRY_ASSIGN(const auto database, openForReading(dataDirectory));
    TRY_ASSIGN(auto rows,
               database->query("SELECT destination, count(*) FILTER (WHERE now = 'queued'),"
                               " count(*) FILTER (WHERE now = 'sent'), count(*) FILTER (WHERE now = 'rejected')"
                               " FROM (SELECT o.destination, " ENROLL_OUTBOX_ENTRY_STATE " AS now FROM outbox_entry o"
                               " WHERE o.state <> 'accepted') WHERE now <> 'set-aside' GROUP BY destination"
                               " ORDER BY destination"));
    std::vector<LeftBehind> left;
    TRY(rows.forEach([&](const sqlite::Statement& row) -> Result<void> {
        LeftBehind there{DestinationName{row.text(0)}, static_cast<int>(row.integer(1)),
                         static_cast<int>(row.integer(2)), static_cast<int>(row.integer(3))};
        const bool isOneOff = there.destination == DestinationName{enrollment::kOneOffDestination};
        if (!isOneOff && std::ranges::find(configured, there.destination) == configured.end()) {
            left.push_back(std::move(there));
        }
        return {};
    }));
    return left;
}

Result<std::vector<DestinationName>> destinationsInJournal(const std::filesystem::path& dataDirectory)
{
    TRY_ASSIGN(const auto database, openForReading(dataDirectory));
    TRY_ASSIGN(auto rows, database->query("SELECT DISTINCT destination FROM outbox_entry ORDER BY destination"));
    std::vector<DestinationName> names;
    TRY(rows.forEach([&](const sqlite::Statement& row) -> Result<void> {
        names.emplace_back(row.text(0));
        return {};
    }));
    return names;
}

} // namespace enroll::db::journal
