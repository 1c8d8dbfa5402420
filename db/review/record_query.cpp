#include "db/review/record_query.h"

#include "db/documents/json_text.h"
#include "db/journal/bad_entry.h"
#include "db/journal/open_journal.h"
#include "db/journal/outbox_rows.h"
#include "db/journal/stored_entry.h"
#include "db/qt/values.h"
#include "db/review/review_sql.h"

namespace enroll::db::review {

using namespace enrollment;
using qt::toQString;
using sqlite::Transaction;

namespace {

constexpr const char* kRecords =
    "SELECT seq FROM (SELECT r.*, " ENROLL_RECORD_STATE_COLUMN " FROM enrollment_record r)";

FilteredSql filtered(const RecordFilter& filter)
{
    FilteredSql sql{kRecords};
    if (filter.batch) {
        sql.where("batch = ?", toQString(filter.batch->text()));
    }
    if (filter.since) {
        sql.where("created_at >= ?", timeValue(*filter.since));
    }
    if (filter.until) {
        sql.where("created_at < ?", timeValue(*filter.until));
    }
    if (filter.state) {
        sql.where("record_state = ?", toQString(recordStateText(*filter.state)));
    }
    sql.then(" ORDER BY seq");
    return sql;
}

} // namespace

RecordQuery::RecordQuery(std::shared_ptr<sqlite::Connection> database) : m_database(std::move(database)) {}

RecordQuery::~RecordQuery() = default;

Result<std::unique_ptr<RecordQuery>> RecordQuery::open(const std::filesystem::path& dataDirectory)
{
    TRY_ASSIGN(auto database, journal::openForReading(dataDirectory));
    return std::make_unique<RecordQuery>(std::move(database));
}

Result<std::vector<documents::RecordNotUnderstood>>
RecordQuery::forEach(const RecordFilter& filter,
                     const std::function<Result<void>(const EnrollmentRecord&, const RecordSummary&)>& visit)
{
    TRY_ASSIGN(const auto snapshot, sqlite::Transaction::begin(*m_database, sqlite::Transaction::Kind::Snapshot));
    TRY_ASSIGN(auto rows, filtered(filter).run(*m_database));
    std::vector<documents::RecordNotUnderstood> notUnderstood;
    TRY(rows.forEach([&](const sqlite::Statement& row) -> Result<void> {
        TRY_ASSIGN(auto found, journal::recordToPassOn(*m_database, row.integer(0)));
        if (auto* other = std::get_if<documents::RecordNotUnderstood>(&found)) {
            notUnderstood.push_back(std::move(*other));
            return {};
        }
        const auto& record = std::get<EnrollmentRecord>(found);
        TRY_ASSIGN(const auto summary, journal::recordSummary(*m_database, record.registrationId, record.serialNumber));
        if (!summary) {
            return journal::journalAltered(*m_database,
                                           "record " + record.registrationId.text() + " cannot be found by its own id");
        }
        return visit(record, *summary);
    }));
    return notUnderstood;
}

} // namespace enroll::db::review
