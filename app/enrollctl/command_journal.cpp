#include "app/enrollctl/commands.h"
#include "app/enrollctl/result_documents.h"
#include "db/journal/journal_options.h"
#include "db/journal/verify_journal.h"

namespace enroll::app::enrollctl {
namespace {

Result<ExitCode> verify(Context& context)
{
    TRY_ASSIGN(const auto station, loadStation(context));
    const auto progress = [&context](std::int64_t done, std::int64_t total) {
        context.output.progress("  " + std::to_string(done) + " of " + std::to_string(total) + " entries");
    };
    TRY_ASSIGN(const auto report, db::journal::verifyJournal(station.dataDirectory, progress, context.stop));
    if (report.firstBad) {
        const auto file = db::journal::journalFile(station.dataDirectory);
        context.output.notice(db::journal::journalAltered(file, *report.firstBad));
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
