#include "db/review/run_query.h"

#include "core/base/station_code.h"
#include "db/documents/run_document.h"
#include "db/journal/open_journal.h"
#include "db/journal/outbox_rows.h"
#include "db/qt/values.h"
#include "db/review/review_sql.h"

#include <charconv>
#include <limits>

namespace enroll::db::review {

using namespace enrollment;
using qt::toQString;
using sqlite::Statement;
using sqlite::Transaction;

namespace {

// Of a retest, the record is the one that its first passing run made: found by id and serial, not by run.
constexpr const char* kRuns =
    "SELECT seq, run_id, started_at, duration_ms, slot, serial_number, batch, operator, outcome, code, registration_id,"
    " record_state FROM (SELECT run.*, " ENROLL_RECORD_STATE_COLUMN " FROM run LEFT JOIN enrollment_record r"
    " ON r.registration_id = run.registration_id AND r.serial_number = run.serial_number AND run.outcome = 'pass')";

constexpr std::string_view kCursorPrefix = "r1-";

std::string cursorAfter(std::int64_t seq)
{
    return std::string{kCursorPrefix} + std::to_string(seq);
}

Result<std::int64_t> seqOfCursor(const std::string& cursor)
{
    if (cursor.empty()) {
        return std::numeric_limits<std::int64_t>::max();
    }
    std::int64_t seq = 0;
    const auto digits = std::string_view{cursor}.substr(std::min(kCursorPrefix.size(), cursor.size()));
    const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), seq);
    if (!cursor.starts_with(kCursorPrefix) || parsed.ec != std::errc{} || parsed.ptr != digits.data() + digits.size()) {
        return makeError(StationCode::InputInvalid, "'" + cursor + "' is no cursor of this list");
    }
    return seq;
}

FilteredSql filtered(const RunFilter& filter)
{
    FilteredSql sql{kRuns};
    if (filter.outcome) {
        sql.where("outcome = ?", toQString(outcomeText(*filter.outcome)));
    }
    if (filter.serialNumber) {
        sql.where("serial_number = ?", toQString(filter.serialNumber->text()));
    }
    if (filter.batch) {
        sql.where("batch = ?", toQString(filter.batch->text()));
    }
    if (filter.operatorId) {
        sql.where("operator = ?", toQString(filter.operatorId->text()));
    }
    if (filter.since) {
        sql.where("started_at >= ?", timeValue(*filter.since));
    }
    if (filter.until) {
        sql.where("started_at < ?", timeValue(*filter.until));
    }
    if (filter.code) {
        sql.where("code = ?", toQString(describe(*filter.code).text));
    }
    if (filter.registrationId) {
        sql.where("registration_id = ?", toQString(filter.registrationId->text()));
    }
    if (filter.recordState) {
        sql.where("record_state = ?", toQString(recordStateText(*filter.recordState)));
    }
    return sql;
}

Result<Outcome> outcomeFromText(const std::string& text)
{
    for (const auto outcome : {Outcome::Pass, Outcome::Fail, Outcome::Hold, Outcome::StationFault, Outcome::Aborted}) {
        if (outcomeText(outcome) == text) {
            return outcome;
        }
    }
    return makeError(StationCode::JournalAltered, "'" + text + "' is no outcome");
}

Result<RunRow> rowOf(const Statement& row)
{
    RunRow run;
    run.runId = RunId{row.text(1)};
    run.startedAt = UtcTime{std::chrono::milliseconds{row.integer(2)}};
    run.duration = std::chrono::milliseconds{row.integer(3)};
    run.slot = SlotNumber{static_cast<int>(row.integer(4))};
    run.serialNumber = SerialNumber{row.text(5)};
    run.batch = BatchId{row.text(6)};
    run.operatorId = OperatorId{row.text(7)};
    TRY_ASSIGN(run.outcome, outcomeFromText(row.text(8)));
    run.code = row.isNull(9) ? std::nullopt : errorCodeFromText(row.text(9));
    run.registrationId = row.isNull(10) ? std::nullopt : std::optional{RegistrationId{row.text(10)}};
    if (!row.isNull(11)) {
        TRY_ASSIGN(run.recordState, journal::recordStateFromText(row.text(11)));
    }
    return run;
}

/// The run in chain entry \p seq with its record's state of now.
Result<AttestationRun> runAt(sqlite::Connection& database, std::int64_t seq)
{
    TRY_ASSIGN(auto row, database.query("SELECT body FROM chain_entry WHERE seq = ?", {static_cast<qlonglong>(seq)}));
    TRY_ASSIGN(const bool there, row.next());
    auto run = there ? documents::runFromJson(row.bytes(0))
                     : Result<AttestationRun>{makeError(StationCode::JournalAltered, "it is not there")};
    if (!run) {
        return makeError(StationCode::JournalAltered, "a stored run cannot be read: " + run.error().what);
    }
    auto& value = run.value();
    value.record.reset();
    if (value.outcome == Outcome::Pass && value.registrationId) {
        TRY_ASSIGN(value.record, journal::recordSummary(database, *value.registrationId, value.serialNumber));
    }
    return run;
}

} // namespace

RunQuery::RunQuery(std::shared_ptr<sqlite::Connection> database) : m_database(std::move(database)) {}

RunQuery::~RunQuery() = default;

Result<std::unique_ptr<RunQuery>> RunQuery::open(const std::filesystem::path& dataDirectory)
{
    TRY_ASSIGN(auto database, journal::openForReading(dataDirectory));
    return std::unique_ptr<RunQuery>{new RunQuery{std::move(database)}};
}

Result<RunPage> RunQuery::list(const RunFilter& filter, std::size_t limit, const std::string& cursor)
{
    TRY_ASSIGN(const auto before, seqOfCursor(cursor));
    auto sql = filtered(filter);
    sql.where("seq < ?", QVariant::fromValue(static_cast<qlonglong>(before)));
    // One row more than wanted tells whether there is a next page.
    sql.then(" ORDER BY seq DESC LIMIT ?", QVariant::fromValue(static_cast<qlonglong>(limit) + 1));

    TRY_ASSIGN(auto rows, sql.run(*m_database));
    RunPage page;
    std::int64_t last = before;
    for (;;) {
        TRY_ASSIGN(const bool there, rows.next());
        if (!there) {
            return page;
        }
        if (page.rows.size() == limit) {
            page.next = cursorAfter(last);
            return page;
        }
        TRY_ASSIGN(auto row, rowOf(rows));
        page.rows.push_back(std::move(row));
        last = rows.integer(0);
    }
}

Result<AttestationRun> RunQuery::show(const RunId& runId)
{
    TRY_ASSIGN(const auto snapshot, Transaction::begin(*m_database, Transaction::Kind::Snapshot));
    TRY_ASSIGN(auto row, m_database->query("SELECT seq FROM run WHERE run_id = ?", {toQString(runId.text())}));
    TRY_ASSIGN(const bool there, row.next());
    if (!there) {
        return makeError(StationCode::InputInvalid, "there is no run " + runId.text());
    }
    return runAt(*m_database, row.integer(0));
}

Result<void> RunQuery::forEach(const RunFilter& filter, const std::function<Result<void>(const AttestationRun&)>& visit)
{
    TRY_ASSIGN(const auto snapshot, Transaction::begin(*m_database, Transaction::Kind::Snapshot));
    TRY_ASSIGN(auto rows, filtered(filter).then(" ORDER BY seq").run(*m_database));
    return rows.forEach([&](const Statement& row) -> Result<void> {
        TRY_ASSIGN(const auto run, runAt(*m_database, row.integer(0)));
        return visit(run);
    });
}

} // namespace enroll::db::review
