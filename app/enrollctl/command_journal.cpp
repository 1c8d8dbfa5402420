#include "app/enrollctl/commands.h"
#include "app/enrollctl/result_documents.h"
#include "core/base/station_code.h"

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

void addJournalCommands(const Command& program)
{
    const auto journal = program.group("journal", "The station's durable memory");
    const auto command = journal.subcommand("verify", "Recompute the whole hash chain; name the first bad entry");
    command.does(verify);
}

} // namespace enroll::app::enrollctl
