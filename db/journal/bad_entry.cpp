#include "db/journal/bad_entry.h"

#include "core/base/station_code.h"
#include "db/sqlite/connection.h"

namespace enroll::db::journal {

Error journalAltered(const std::filesystem::path& file, const std::string& what)
{
    return makeError(StationCode::JournalAltered, file.string() + ": " + what);
}

Error journalAltered(const sqlite::Connection& database, const std::string& what)
{
    return journalAltered(std::filesystem::path{database.fileName()}, what);
}

Error journalAltered(const std::filesystem::path& file, const BadEntry& bad)
{
    const auto id = bad.id.empty() ? std::string{} : " (" + bad.id + ")";
    return journalAltered(file, "entry " + std::to_string(bad.seq) + ", " + bad.kind + id + ": " + bad.reason);
}

Error journalAltered(const sqlite::Connection& database, const BadEntry& bad)
{
    return journalAltered(std::filesystem::path{database.fileName()}, bad);
}

} // namespace enroll::db::journal
