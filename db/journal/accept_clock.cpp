#include "db/journal/accept_clock.h"

#include "core/base/station_code.h"
#include "core/enrollment/station_clock.h"
#include "db/documents/json_text.h"
#include "db/journal/acts.h"
#include "db/journal/open_journal.h"
#include "db/journal/stored_entry.h"
#include "db/qt/values.h"

namespace enroll::db::journal {
namespace {

Result<std::vector<std::int64_t>> acceptanceEntries(sqlite::Connection& database)
{
    std::vector<std::int64_t> entries;
    TRY_ASSIGN(auto rows, database.query("SELECT seq FROM chain_entry WHERE kind = ? ORDER BY seq",
                                         {qt::toQString(kClockAcceptanceKind)}));
    TRY(rows.forEach([&](const sqlite::Statement& row) -> Result<void> {
        entries.push_back(row.integer(0));
        return {};
    }));
    return entries;
}

/// Error S-339 or S-341 unless nothing but the latest run says that \p now is wrong.
Result<UtcTime> requireBehind(UtcTime now, const std::optional<UtcTime>& latest)
{
    TRY(enrollment::requirePlausibleClock(now, {}));
    if (!latest || enrollment::requirePlausibleClock(now, latest).ok()) {
        return makeError(StationCode::NothingFound,
                         "the station's clock shows " + toIso8601(now) +
                             ", and no run in the journal began later: there is nothing to accept");
    }
    return *latest;
}

} // namespace

Result<std::optional<UtcTime>> latestStartBehind(sqlite::Connection& database, std::int64_t seq)
{
    TRY_ASSIGN(auto row, database.query("SELECT started_at FROM run WHERE seq > ? ORDER BY started_at DESC LIMIT 1",
                                        {static_cast<qlonglong>(seq)}));
    TRY_ASSIGN(const bool isThere, row.next());
    return isThere ? std::optional{UtcTime{std::chrono::milliseconds{row.integer(0)}}} : std::nullopt;
}

Result<documents::ClockAcceptance> acceptClock(const JournalOptions& options, const std::string& by,
                                               const std::string& reason, const std::optional<station::Act>& act)
{
    TRY_ASSIGN(const auto database, openForWriting(options));
    TRY_ASSIGN(auto transaction, sqlite::Transaction::begin(*database, sqlite::Transaction::Kind::Write));
    const auto now = options.now();
    TRY_ASSIGN(const auto entries, acceptanceEntries(*database));
    TRY_ASSIGN(const auto latest, latestStartBehind(*database, entries.empty() ? 0 : entries.back()));
    TRY_ASSIGN(const auto behind, requireBehind(now, latest));
    documents::ClockAcceptance acceptance{now, behind, by, reason};
    TRY_ASSIGN(auto chain, ChainStore::load(*database));
    TRY(chain.append(kClockAcceptanceKind, now, documents::canonicalBytes(acceptance)));
    if (act) {
        TRY(appendAct(chain, now, *act));
    }
    TRY(transaction.commit());
    return acceptance;
}

Result<std::vector<AcceptedClock>> acceptedClocks(const std::filesystem::path& dataDirectory)
{
    TRY_ASSIGN(const auto database, openForReading(dataDirectory));
    TRY_ASSIGN(const auto snapshot, sqlite::Transaction::begin(*database, sqlite::Transaction::Kind::Snapshot));
    TRY_ASSIGN(const auto entries, acceptanceEntries(*database));
    std::vector<AcceptedClock> accepted;
    for (const auto seq : entries) {
        TRY_ASSIGN(const auto entry, provenEntry(*database, seq, kClockAcceptanceKind));
        const auto document = documents::parseJsonObject(ByteView{entry.body});
        documents::NotUnderstood notUnderstood;
        auto read = document ? documents::clockAcceptanceFromJson(*document, notUnderstood)
                             : Result<documents::ClockAcceptance>{document.error()};
        if (read) {
            accepted.push_back({seq, std::move(read).value()});
        }
    }
    return accepted;
}

} // namespace enroll::db::journal
