#include "db/exports/export.h"

#include "core/base/station_code.h"
#include "core/base/text.h"
#include "core/provisioning/individual_enrollment.h"
#include "core/system/durable_file.h"
#include "db/documents/individual_enrollment_document.h"
#include "db/documents/member_reader.h"
#include "db/dps/enrollment_of_record.h"
#include "db/exports/csv.h"
#include "db/review/own_files.h"
#include "db/review/record_query.h"
#include "db/review/run_query.h"

#include <QFile>

#include <algorithm>
#include <functional>

namespace enroll::db::exports {

using namespace enrollment;
using review::RecordFilter;
using review::RunFilter;

namespace {

std::optional<Outcome> outcomeOf(ExportOnly only) noexcept
{
    switch (only) {
    case ExportOnly::Pass:
        return Outcome::Pass;
    case ExportOnly::Fail:
        return Outcome::Fail;
    case ExportOnly::Hold:
        return Outcome::Hold;
    case ExportOnly::Everything:
    case ExportOnly::Rejected:
    case ExportOnly::SetAside:
    case ExportOnly::Accepted:
        return std::nullopt;
    }
    return std::nullopt;
}

std::optional<RecordState> recordStateOf(ExportOnly only) noexcept
{
    switch (only) {
    case ExportOnly::Rejected:
        return RecordState::Rejected;
    case ExportOnly::SetAside:
        return RecordState::SetAside;
    case ExportOnly::Accepted:
        return RecordState::Accepted;
    case ExportOnly::Everything:
    case ExportOnly::Pass:
    case ExportOnly::Fail:
    case ExportOnly::Hold:
        return std::nullopt;
    }
    return std::nullopt;
}

RunFilter runFilterOf(const ExportFilter& filter)
{
    RunFilter runs;
    runs.batch = filter.batch;
    runs.since = filter.since;
    runs.until = filter.until;
    runs.outcome = outcomeOf(filter.only);
    runs.recordState = recordStateOf(filter.only);
    return runs;
}

Result<RecordFilter> recordFilterOf(const ExportFilter& filter)
{
    if (filter.only == ExportOnly::Fail || filter.only == ExportOnly::Hold) {
        return makeError(StationCode::UsageInvalid,
                         "only runs that passed have records: export fail and hold as csv or "
                         "jsonl");
    }
    return RecordFilter{filter.batch, filter.since, filter.until, recordStateOf(filter.only)};
}

bool isSetAsideSomewhere(const RecordSummary& summary)
{
    return std::ranges::any_of(summary.destinations,
                               [](const DestinationState& at) { return at.state == RecordState::SetAside; });
}

Result<void> write(QIODevice& out, const QByteArray& bytes)
{
    if (out.write(bytes) != bytes.size()) {
        return makeError(StationCode::FileUnusable, "cannot write the export: " + out.errorString().toStdString());
    }
    return {};
}

/// Collects enrollments and writes each bulk operation as soon as it is full, so that memory does not grow with the
/// export.
class BulkWriter {
    static constexpr const char* kListBegins = "[\n";

public:
    explicit BulkWriter(QIODevice& out) : m_out(out) {}

    Result<void> add(const EnrollmentRecord& record)
    {
        m_operation.enrollments.push_back(dps::enrollmentOfRecord(record));
        return m_operation.enrollments.size() == provisioning::kMostBulkEnrollments ? flush() : Result<void>{};
    }
    Result<void> finish()
    {
        if (!m_operation.enrollments.empty()) {
            TRY(flush());
        }
        return write(m_out, m_separator == kListBegins ? "[]\n" : "\n]\n");
    }

private:
    Result<void> flush()
    {
        TRY(write(m_out, std::exchange(m_separator, ",\n")));
        TRY(write(m_out, documents::canonicalJson(documents::toJson(m_operation))));
        m_operation.enrollments.clear();
        return {};
    }

    QIODevice& m_out;
    QByteArray m_separator = kListBegins;
    provisioning::BulkEnrollmentOperation m_operation{provisioning::BulkMode::Create, {}};
};

/// Writes one line for each run; \p lineOf makes its text.
Result<ExportReport> exportRuns(const std::filesystem::path& dataDirectory, const ExportFilter& filter, QIODevice& out,
                                const std::function<QByteArray(const review::StoredRun&)>& lineOf)
{
    TRY_ASSIGN(const auto query, review::RunQuery::open(dataDirectory));
    ExportReport report;
    TRY(query->forEach(runFilterOf(filter), [&](const review::StoredRun& stored) -> Result<void> {
        ++report.items;
        return write(out, lineOf(stored));
    }));
    return report;
}

/// The line of a run: its document as committed, including members that only a newer program knows.
QByteArray jsonLine(const review::StoredRun& stored)
{
    return documents::canonicalJson(stored.document).append('\n');
}

void noteShortened(const review::StoredRun& stored, ExportReport& report)
{
    if (stored.isPartial && ++report.shortened == 1) {
        report.firstShortened = "run " + stored.run.runId.text() + " (" + stored.notUnderstood.places.front() + ")";
    }
}

Result<ExportReport> exportTo(QIODevice& out, const std::filesystem::path& dataDirectory, const ExportFilter& filter,
                              ExportFormat format)
{
    switch (format) {
    case ExportFormat::DpsBulk:
        return exportDpsBulk(dataDirectory, filter, out);
    case ExportFormat::Csv:
        return exportCsv(dataDirectory, filter, out);
    case ExportFormat::JsonLines:
        break;
    }
    return exportJsonLines(dataDirectory, filter, out);
}

template <class Value, std::size_t N>
Result<Value> valueOfText(std::string_view text, const std::array<std::pair<std::string_view, Value>, N>& words)
{
    std::vector<std::string_view> known;
    for (const auto& [word, value] : words) {
        if (word == text) {
            return value;
        }
        known.push_back(word);
    }
    return makeError(StationCode::UsageInvalid, std::string{text} + ": must be one of " + joined(known));
}

} // namespace

Result<ExportFormat> exportFormatFromText(std::string_view text)
{
    static constexpr std::array<std::pair<std::string_view, ExportFormat>, 3> kWords{
        {{"dps-bulk", ExportFormat::DpsBulk}, {"csv", ExportFormat::Csv}, {"jsonl", ExportFormat::JsonLines}}};
    return valueOfText(text, kWords);
}

Result<ExportOnly> exportOnlyFromText(std::string_view text)
{
    static constexpr std::array<std::pair<std::string_view, ExportOnly>, 6> kWords{{{"rejected", ExportOnly::Rejected},
                                                                                    {"set-aside", ExportOnly::SetAside},
                                                                                    {"accepted", ExportOnly::Accepted},
                                                                                    {"pass", ExportOnly::Pass},
                                                                                    {"fail", ExportOnly::Fail},
                                                                                    {"hold", ExportOnly::Hold}}};
    return valueOfText(text, kWords);
}

Result<ExportReport> exportDpsBulk(const std::filesystem::path& dataDirectory, const ExportFilter& filter,
                                   QIODevice& out)
{
    TRY_ASSIGN(const auto records, recordFilterOf(filter));
    TRY_ASSIGN(const auto query, review::RecordQuery::open(dataDirectory));
    ExportReport report;
    BulkWriter writer{out};
    TRY_ASSIGN(report.leftOut,
               query->forEach(records, [&](const EnrollmentRecord& record, const RecordSummary& summary) {
                   if (filter.only != ExportOnly::SetAside && isSetAsideSomewhere(summary)) {
                       ++report.leftOutAsSetAside;
                       return Result<void>{};
                   }
                   ++report.items;
                   return writer.add(record);
               }));
    TRY(writer.finish());
    return report;
}

Result<ExportReport> exportCsv(const std::filesystem::path& dataDirectory, const ExportFilter& filter, QIODevice& out)
{
    TRY(write(out, csvHeader()));
    ExportReport shortened;
    TRY_ASSIGN(auto report, exportRuns(dataDirectory, filter, out, [&shortened](const review::StoredRun& stored) {
                   noteShortened(stored, shortened);
                   return csvLine(stored.run);
               }));
    report.shortened = shortened.shortened;
    report.firstShortened = std::move(shortened.firstShortened);
    return report;
}

Result<ExportReport> exportJsonLines(const std::filesystem::path& dataDirectory, const ExportFilter& filter,
                                     QIODevice& out)
{
    return exportRuns(dataDirectory, filter, out, jsonLine);
}

Result<ExportReport> exportToFile(const std::filesystem::path& dataDirectory, const ExportFilter& filter,
                                  ExportFormat format, const std::filesystem::path& file)
{
    TRY_ASSIGN(auto durable, system::DurableFile::create(file, system::FileMode::Usual));
    TRY(review::requireNoOwnFile(dataDirectory, durable.place()));
    QFile out;
    if (!out.open(durable.fd(), QIODevice::WriteOnly, QFileDevice::DontCloseHandle)) {
        return makeError(StationCode::FileUnusable, file.string() + " cannot be written", "open");
    }
    auto report = exportTo(out, dataDirectory, filter, format);
    if (!out.flush() || out.error() != QFileDevice::NoError) {
        return makeError(StationCode::FileUnusable,
                         file.string() + " cannot be written: " + out.errorString().toStdString(), "write");
    }
    TRY(report);
    TRY(durable.commit());
    return report;
}

} // namespace enroll::db::exports
