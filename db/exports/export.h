#pragma once

#include "core/base/clock.h"
#include "core/enrollment/ids.h"
#include "db/documents/record_not_understood.h"

#include <QIODevice>

#include <filesystem>
#include <optional>
#include <vector>

namespace enroll::db::exports {

enum class ExportFormat { DpsBulk, Csv, JsonLines };
enum class ExportOnly { Everything, Rejected, SetAside, Accepted, Pass, Fail, Hold };

/// "dps-bulk", "csv", "jsonl". Error S-331 for anything else.
Result<ExportFormat> exportFormatFromText(std::string_view text);
/// "rejected", "set-aside", "accepted", "pass", "fail", "hold". Error S-331 for anything else.
Result<ExportOnly> exportOnlyFromText(std::string_view text);

struct ExportFilter {
    std::optional<enrollment::BatchId> batch = {};
    std::optional<UtcTime> since = {}; ///< run started, or record made, at or after
    std::optional<UtcTime> until = {}; ///< and before
    ExportOnly only = ExportOnly::Everything;
};

struct ExportReport {
    std::int64_t items = 0;             ///< records (dps-bulk) or runs (csv, jsonl) written
    std::int64_t leftOutAsSetAside = 0; ///< records (dps-bulk) that are set aside somewhere
    std::vector<documents::RecordNotUnderstood> leftOut =
        {}; ///< records (dps-bulk) that this program does not understand
    /// Runs (csv) that this program cannot read: their lines hold what the search rows repeat. Lines of jsonl lack nothing.
    std::int64_t shortened = 0;
    std::string firstShortened = {}; ///< "run 0190… (steps[3].outcome is 'parked')"
};

/// Writes a JSON array of BulkEnrollmentOperation ({"mode":"create","enrollments":[…]}), each with at most the ten
/// enrollments that the provisioning service accepts in one call. A record that is set aside at any destination is left out
/// unless \p filter.only is SetAside: the file is meant for the service. Error S-331 for \p filter.only Fail and Hold: only
/// passing runs make records.
///
/// \par Source   Device Provisioning Service REST API, "Individual Enrollment - Run Bulk Operation"
Result<ExportReport> exportDpsBulk(const std::filesystem::path& dataDirectory, const ExportFilter& filter,
                                   QIODevice& out);

/// Writes a header and one line for each run, UTF-8 with CRLF. Cells that a spreadsheet would run as a formula (first
/// character = + - @, tab or carriage return) get an apostrophe in front.
///
/// \par Source   RFC 4180
Result<ExportReport> exportCsv(const std::filesystem::path& dataDirectory, const ExportFilter& filter, QIODevice& out);

/// Writes one run document on each line, with every member as it was committed.
Result<ExportReport> exportJsonLines(const std::filesystem::path& dataDirectory, const ExportFilter& filter,
                                     QIODevice& out);

/// Exports into a file, which is replaced as a whole or not at all (system::DurableFile). Errors S-331, S-339 or S-333 (no
/// journal, or the path cannot be written or is a file of the station's own: requireNoOwnFile()), S-301, S-302.
Result<ExportReport> exportToFile(const std::filesystem::path& dataDirectory, const ExportFilter& filter,
                                  ExportFormat format, const std::filesystem::path& file);

} // namespace enroll::db::exports
