#include "app/enrollctl/commands.h"
#include "app/enrollctl/result_documents.h"
#include "app/enrollctl/verify_progress.h"
#include "db/journal/journal_options.h"

namespace enroll::app::enrollctl {
namespace {

Result<ExitCode> verify(Context& context)
{
    TRY_ASSIGN(const auto station, loadStation(context));
    TRY_ASSIGN(const auto report,
               db::journal::verifyJournal(station.dataDirectory, verifyProgress(context.output), context.stop));
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
