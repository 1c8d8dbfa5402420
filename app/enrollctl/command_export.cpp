#include "app/enrollctl/commands.h"
#include "app/enrollctl/counted.h"
#include "app/enrollctl/record_not_understood_text.h"
#include "app/enrollctl/result_documents.h"
#include "app/enrollctl/time_option.h"
#include "app/enrollctl/verify_progress.h"
#include "core/base/recoded.h"
#include "core/base/station_code.h"
#include "db/exports/export.h"

namespace enroll::app::enrollctl {
namespace {

using namespace db::exports;

struct ExportCommandOptions {
    std::string format;
    std::filesystem::path output;
    std::string batch;
    std::string since;
    std::string until;
    std::string only;
};

Result<ExportFilter> filterOf(const ExportCommandOptions& options)
{
    ExportFilter filter;
    if (!options.batch.empty()) {
        filter.batch = enrollment::BatchId{options.batch};
    }
    TRY_ASSIGN(filter.since, timeOption("--since", options.since));
    TRY_ASSIGN(filter.until, timeOption("--until", options.until));
    if (!options.only.empty()) {
        TRY_ASSIGN(filter.only, prefixed("--only ", exportOnlyFromText(options.only)));
    }
    return filter;
}

/// Refuses to write over what the station is configured with. The files of its data directory are refused by
/// exportToFile().
Result<void> requireNoFileInUse(const config::StationConfig& station, const std::filesystem::path& output)
{
    for (const auto& file : config::filesInUse(station)) {
        std::error_code oneIsMissing;
        if (std::filesystem::equivalent(file, output, oneIsMissing)) {
            return makeError(StationCode::FileUnusable, "--output " + output.string() +
                                                            ": is a file that this station is configured with: name "
                                                            "another");
        }
    }
    return {};
}

Error shortenedRuns(const ExportReport& report)
{
    return makeError(
        StationCode::JournalNewer,
        "not exported in full: " + counted(static_cast<std::uint64_t>(report.shortened), "run, ", "runs, the first ") +
            report.firstShortened + ", which a newer program may have written: --format jsonl exports every member");
}

/// "1 record written to FILE; 1 that is set aside was left out"
std::string writtenText(const ExportReport& report, ExportFormat format, const std::filesystem::path& output)
{
    auto text = counted(static_cast<std::uint64_t>(report.items), format == ExportFormat::DpsBulk ? "record" : "run") +
                " written to " + output.string();
    if (report.leftOutAsSetAside > 0) {
        text += "; " + counted(static_cast<std::uint64_t>(report.leftOutAsSetAside), "that is set aside was left out",
                               "that are set aside were left out");
    }
    return text + "\n";
}

Result<ExitCode> exportRecords(const ExportCommandOptions& options, Context& context)
{
    TRY_ASSIGN(const auto format, prefixed("--format ", exportFormatFromText(options.format)));
    TRY_ASSIGN(const auto filter, filterOf(options));
    if (options.output == "-") {
        return makeError(StationCode::UsageInvalid, "--output -: must name a file; standard output carries the report");
    }
    TRY_ASSIGN(const auto station, loadStation(context));
    TRY(requireNoFileInUse(station, options.output));
    TRY(requireUnalteredJournal(station, context));
    TRY_ASSIGN(const auto report, exportToFile(station.dataDirectory, filter, format, options.output));
    context.output.result(exportDocument(report, options.format, options.output),
                          writtenText(report, format, options.output));
    if (!report.leftOut.empty()) {
        context.output.notice(recordsNotUnderstood("not exported", report.leftOut));
    }
    if (report.shortened > 0) {
        context.output.notice(shortenedRuns(report));
    }
    return report.leftOut.empty() && report.shortened == 0 ? ExitCode::Done : ExitCode::Refused;
}

} // namespace

void addExportCommand(const Command& program)
{
    auto options = std::make_shared<ExportCommandOptions>();
    const auto command = program.subcommand("export", "Write enrollment records or runs to a file");
    command.option("--format", options->format, "dps-bulk (without what is set aside), csv or jsonl").required();
    command
        .option("--output", options->output,
                "File to write; it appears whole or not at all, in place of one of this name")
        .required();
    command.option("--batch", options->batch, "Only this batch");
    command.option("--since", options->since, "At or after this UTC time");
    command.option("--until", options->until, "Before this UTC time");
    command.option("--only", options->only, "rejected, set-aside, accepted, pass, fail or hold");
    command.does([options](Context& context) { return exportRecords(*options, context); });
}

} // namespace enroll::app::enrollctl
