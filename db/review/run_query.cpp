#include "db/review/run_query.h"

#include "core/base/station_code.h"
#include "db/documents/evidence_document.h"
#include "db/documents/run_document.h"
#include "db/journal/chain_store.h"
#include "db/journal/delivery_status.h"
#include "db/journal/nothing_gone.h"
#include "db/journal/open_journal.h"
#include "db/journal/outbox_rows.h"
#include "db/journal/stored_entry.h"
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

// The record of a retest was made by an earlier run, so it is found by registration id and serial number, not by run
// id.
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
        return makeError(StationCode::NameNotAllowed, "'" + cursor + "' is not a cursor that this list gave out");
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

RunRow rowOf(const sqlite::Statement& row)
{
    RunRow run;
    run.runId = RunId{row.text(1)};
    run.startedAt = UtcTime{std::chrono::milliseconds{row.integer(2)}};
    run.duration = std::chrono::milliseconds{row.integer(3)};
    run.slot = SlotNumber{static_cast<int>(row.integer(4))};
    run.serialNumber = SerialNumber{row.text(5)};
    run.batch = BatchId{row.text(6)};
    run.operatorId = OperatorId{row.text(7)};
    run.outcome = outcomeFromText(row.text(8));
    if (!row.isNull(9)) {
        run.code = codeFromText(row.text(9));
    }
    run.registrationId = row.isNull(10) ? std::nullopt : std::optional{RegistrationId{row.text(10)}};
    return run;
}

/// Fills in the state of the run's record by the delivery events; the search tables' word has chosen the row and decides
/// nothing. Error S-303 where they differ.
Result<void> readRecordState(sqlite::Connection& database, const sqlite::Statement& row, RunRow& run)
{
    if (row.isNull(11)) {
        return {};
    }
    TRY_ASSIGN(const auto told, journal::recordStateFromText(database, row.text(11)));
    TRY_ASSIGN(auto summary, journal::recordSummary(database, *run.registrationId, run.serialNumber));
    if (!summary || summary->state != told) {
        return journal::journalAltered(database, "the state of record " + run.registrationId->text() +
                                                     " differs from its delivery events");
    }
    run.recordState = told;
    for (auto& state : summary->destinations) {
        auto& states = state.state == RecordState::SetAside ? run.setAside : run.beside;
        states.push_back(std::move(state));
    }
    if (run.setAside.empty()) {
        run.beside.clear();
    }
    return {};
}

/// Error S-303 if a search row or an entry is gone: a delivery that nobody sees any more would give a record another state.
Result<void> requireNothingGone(sqlite::Connection& database, journal::NothingGone& gone)
{
    TRY_ASSIGN(const auto finding, gone.verify(database));
    return finding ? journal::journalAltered(database, *finding) : Result<void>{};
}

/// The run of a document that this program cannot read, with what the search row repeats of it.
AttestationRun partialRun(const RunRow& row)
{
    AttestationRun run;
    run.runId = row.runId;
    run.startedAt = row.startedAt;
    run.duration = row.duration;
    run.slot = row.slot;
    run.serialNumber = row.serialNumber;
    run.batch = row.batch;
    run.operatorId = row.operatorId;
    run.outcome = row.outcome;
    run.code = row.code;
    run.registrationId = row.registrationId;
    return run;
}

StoredRun runOf(const Result<QJsonObject>& document, const RunRow& row)
{
    StoredRun stored;
    stored.document = document ? *document : documents::toJson(partialRun(row));
    auto run =
        document ? documents::runFromJson(*document, stored.notUnderstood) : Result<AttestationRun>{document.error()};
    if (!run) {
        stored.notUnderstood.places.insert(stored.notUnderstood.places.begin(), run.error().what);
        stored.isPartial = true;
    }
    stored.run = run ? std::move(run).value() : partialRun(row);
    return stored;
}

/// The run of one row of kRuns, with the state of its record now.
Result<StoredRun> storedRun(sqlite::Connection& database, const sqlite::Statement& found)
{
    const auto row = rowOf(found);
    TRY_ASSIGN(const auto entry, journal::storedEntry(database, found.integer(0), journal::kRunKind));
    auto stored = runOf(entry.document, row);
    auto& run = stored.run;
    run.record = std::nullopt;
    if (run.outcome == Outcome::Pass && run.registrationId) {
        TRY_ASSIGN(run.record, journal::recordSummary(database, *run.registrationId, run.serialNumber));
    }
    stored.document[QLatin1String("record")] = documents::objectOrNull(run.record);
    return stored;
}

} // namespace

RunQuery::RunQuery(std::shared_ptr<sqlite::Connection> database)
    : m_database(std::move(database)), m_gone(std::make_unique<journal::NothingGone>())
{}

RunQuery::~RunQuery() = default;

Result<std::unique_ptr<RunQuery>> RunQuery::open(const std::filesystem::path& dataDirectory)
{
    TRY_ASSIGN(auto database, journal::openForReading(dataDirectory));
    return std::make_unique<RunQuery>(std::move(database));
}

Result<RunPage> RunQuery::list(const RunFilter& filter, std::size_t limit, const std::string& cursor)
{
    TRY_ASSIGN(const auto before, seqOfCursor(cursor));
    auto sql = filtered(filter);
    sql.where("seq < ?", QVariant::fromValue(static_cast<qlonglong>(before)));
    // One row more than wanted shows whether there is a next page. Pages continue by seq and not by OFFSET: rows that
    // are added meanwhile do not shift it.
    sql.then(" ORDER BY seq DESC LIMIT ?", QVariant::fromValue(static_cast<qlonglong>(limit) + 1));

    TRY_ASSIGN(const auto snapshot, sqlite::Transaction::begin(*m_database, sqlite::Transaction::Kind::Snapshot));
    TRY(requireNothingGone(*m_database, *m_gone));
    TRY_ASSIGN(auto rows, sql.run(*m_database));
    RunPage page;
    std::int64_t last = before;
    for (;;) {
        TRY_ASSIGN(const bool found, rows.next());
        if (!found) {
            return page;
        }
        if (page.rows.size() == limit) {
            page.next = cursorAfter(last);
            return page;
        }
        TRY(journal::storedEntry(*m_database, rows.integer(0), journal::kRunKind)); // the row says what it says
        auto row = rowOf(rows);
        TRY(readRecordState(*m_database, rows, row));
        page.rows.push_back(std::move(row));
        last = rows.integer(0);
    }
}

Result<StoredRun> RunQuery::show(const RunId& runId)
{
    TRY_ASSIGN(const auto snapshot, sqlite::Transaction::begin(*m_database, sqlite::Transaction::Kind::Snapshot));
    TRY(requireNothingGone(*m_database, *m_gone));
    TRY_ASSIGN(auto row, FilteredSql{kRuns}.where("run_id = ?", toQString(runId.text())).run(*m_database));
    TRY_ASSIGN(const bool found, row.next());
    if (!found) {
        return makeError(StationCode::NothingFound, "there is no run " + runId.text());
    }
    return storedRun(*m_database, row);
}

Result<void> RunQuery::forEach(const RunFilter& filter, const std::function<Result<void>(const StoredRun&)>& visit)
{
    TRY_ASSIGN(const auto snapshot, sqlite::Transaction::begin(*m_database, sqlite::Transaction::Kind::Snapshot));
    TRY_ASSIGN(auto rows, filtered(filter).then(" ORDER BY seq").run(*m_database));
    return rows.forEach([&](const sqlite::Statement& row) -> Result<void> {
        TRY_ASSIGN(const auto stored, storedRun(*m_database, row));
        return visit(stored);
    });
}

} // namespace enroll::db::review
