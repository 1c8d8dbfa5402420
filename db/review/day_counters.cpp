#include "db/review/day_counters.h"

#include "db/journal/open_journal.h"
#include "db/review/review_sql.h"

namespace enroll::db::review {

using sqlite::Transaction;

namespace {

int intOf(const sqlite::Statement& row, int column)
{
    return static_cast<int>(row.integer(column));
}

} // namespace

std::optional<double> DayCounters::firstPassYield() const noexcept
{
    return devices == 0 ? std::nullopt : std::optional{static_cast<double>(firstPass) / devices};
}

DayCounterQuery::DayCounterQuery(std::shared_ptr<sqlite::Connection> database) : m_database(std::move(database)) {}

DayCounterQuery::~DayCounterQuery() = default;

Result<std::unique_ptr<DayCounterQuery>> DayCounterQuery::open(const std::filesystem::path& dataDirectory)
{
    TRY_ASSIGN(auto database, journal::openForReading(dataDirectory));
    return std::make_unique<DayCounterQuery>(std::move(database));
}

Result<DayCounters> DayCounterQuery::since(UtcTime since)
{
    TRY_ASSIGN(const auto snapshot, sqlite::Transaction::begin(*m_database, sqlite::Transaction::Kind::Snapshot));
    DayCounters counters;
    // Bare columns beside a single min() or max() come from the row that has it (SQLite, "Bare columns in an aggregate
    // query"): the first and the last verdict of each serial number.
    TRY_ASSIGN(auto first,
               m_database->query("SELECT count(*) FILTER (WHERE outcome = 'pass') FROM (SELECT outcome, min(seq)"
                                 " FROM run WHERE started_at >= ? AND outcome IN ('pass', 'fail', 'hold')"
                                 " GROUP BY serial_number)",
                                 {timeValue(since)}));
    TRY_ASSIGN(const bool hasFirst, first.next());
    if (hasFirst) {
        counters.firstPass = intOf(first, 0);
    }
    TRY_ASSIGN(auto last,
               m_database->query("SELECT count(*) FILTER (WHERE outcome = 'pass'),"
                                 " count(*) FILTER (WHERE outcome = 'fail'),"
                                 " count(*) FILTER (WHERE outcome = 'hold'), count(*), coalesce(sum(tests), 0) FROM"
                                 " (SELECT outcome, max(seq), count(*) AS tests FROM run WHERE started_at >= ?"
                                 " AND outcome IN ('pass', 'fail', 'hold') GROUP BY serial_number)",
                                 {timeValue(since)}));
    TRY_ASSIGN(const bool hasLast, last.next());
    if (hasLast) {
        counters.pass = intOf(last, 0);
        counters.fail = intOf(last, 1);
        counters.hold = intOf(last, 2);
        counters.devices = intOf(last, 3);
        counters.tests = intOf(last, 4);
    }
    TRY_ASSIGN(auto waiting, m_database->query("SELECT count(*) FROM outbox_entry o WHERE state IN ('queued', 'sent')"
                                               " AND " ENROLL_OUTBOX_ENTRY_COUNTS));
    TRY_ASSIGN(const bool hasWaiting, waiting.next());
    if (hasWaiting) {
        counters.queued = intOf(waiting, 0);
    }
    return counters;
}

} // namespace enroll::db::review
