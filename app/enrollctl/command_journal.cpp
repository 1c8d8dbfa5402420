#include "app/enrollctl/commands.h"
#include "app/enrollctl/result_documents.h"
#include "core/base/station_code.h"

#include <CLI/CLI.hpp>

namespace enroll::app::enrollctl {
namespace {

using db::journal::BadEntry;

Error alteredAt(const BadEntry& bad)
{
    const auto id = bad.id.empty() ? std::string{} : " (" + bad.id + ")";
    return makeError(StationCode::JournalAltered,
                     "entry " + std::to_string(bad.seq) + ", " + bad.kind + id + ": " + bad.reason, "journal verify");
}

Result<ExitCode> verify(Context& context)
{
    TRY_ASSIGN(const auto station, loadStation(context));
    const auto progress = [&context](std::int64_t done, std::int64_t total) {
        context.output.progress("  " + std::to_string(done) + " of " + std::to_string(total) + " entries");
    };
    TRY_ASSIGN(const auto report, db::journal::verifyJournal(station.dataDirectory, progress, context.stop));
    if (report.firstBad) {
        context.output.notice(alteredAt(*report.firstBad));
    }
    context.output.result(journalDocument(report), journalText(report));
    return report.firstBad ? ExitCode::IntegrityLost : ExitCode::Done;
}

} // namespace

void addJournalCommands(CLI::App& app, ReadyCommand& chosen)
{
    auto* journal = app.add_subcommand("journal", "The station's durable memory");
    journal->require_subcommand(1);
    auto* command = journal->add_subcommand("verify", "Recompute the whole hash chain; name the first bad entry");
    command->callback([&chosen] { chosen = verify; });
}

} // namespace enroll::app::enrollctl
