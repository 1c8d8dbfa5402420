#include "app/enrollctl/accepted_clock_text.h"
#include "app/enrollctl/act_list.h"
#include "app/enrollctl/commands.h"
#include "app/enrollctl/kept_act.h"
#include "app/enrollctl/label_text.h"
#include "app/enrollctl/operator_option.h"
#include "app/enrollctl/result_documents.h"
#include "app/enrollctl/time_option.h"
#include "app/enrollctl/verify_progress.h"
#include "app/wiring/station_files.h"
#include "db/journal/journal_options.h"
#include "db/journal/open_journal.h"

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
    std::vector<db::journal::AcceptedClock> accepted;
    if (!report.firstBad) {
        TRY_ASSIGN(accepted, db::journal::acceptedClocks(station.dataDirectory));
    }
    context.output.result(journalDocument(report, accepted), journalText(report) + acceptedClocksText(accepted));
    return report.firstBad ? ExitCode::IntegrityLost : ExitCode::Done;
}

struct ActsOptions {
    std::string since;
    std::string operatorId;
};

Result<ExitCode> listActs(const ActsOptions& options, Context& context)
{
    db::journal::ActFilter filter;
    TRY_ASSIGN(filter.since, timeOption("--since", options.since));
    if (!options.operatorId.empty()) {
        filter.operatorId = enrollment::OperatorId{options.operatorId};
    }
    TRY_ASSIGN(const auto station, loadStation(context));
    TRY_ASSIGN(const auto acts, db::journal::storedActs(station.dataDirectory, filter));
    context.output.result(actListDocument(acts), actListText(acts));
    return ExitCode::Done;
}

void addActs(const Command& journal)
{
    auto options = std::make_shared<ActsOptions>();
    const auto command = journal.subcommand("acts", "Who did what at this station, newest last");
    command.option("--since", options->since, "The first done at or after this UTC time, and all behind it");
    command.option("--operator", options->operatorId, "Of this person");
    command.does([options](Context& context) { return listActs(*options, context); });
}

struct AcceptClockOptions {
    std::string reason;
    std::string operatorId;
};

/// Error S-303 before anything is appended to a journal that was altered.
Result<ExitCode> acceptClock(const AcceptClockOptions& options, Context& context)
{
    TRY_ASSIGN(const auto station, loadStation(context));
    TRY(requireNoBadge("--operator", options.operatorId, station));
    TRY(db::journal::requireJournal(station.dataDirectory));
    TRY(requireUnalteredJournal(station, context));
    auto act = actOfCommand(station::ActKind::ClockAccepted, station);
    act.operatorId = enrollment::OperatorId{options.operatorId};
    TRY_ASSIGN(const auto acceptance,
               db::journal::acceptClock(wiring::journalOptions(station), options.operatorId, options.reason, act));
    context.output.result(db::documents::toJson(acceptance),
                          "the clock is accepted: it shows " + toIso8601(acceptance.acceptedAt) +
                              ", and a run that began at " + toIso8601(acceptance.latestRun) +
                              " does not stop testing any more\n");
    return ExitCode::Done;
}

void addAcceptClock(const Command& journal)
{
    auto options = std::make_shared<AcceptClockOptions>();
    const auto command =
        journal.subcommand("accept-clock", "Let testing go on after S-341: record that the clock is right now, and was "
                                           "fast when the latest run began. Use it "
                                           "only once the time is checked against a source of its own; no run is "
                                           "changed, and the journal keeps who said so");
    command.option("--reason", options->reason, "Why it was fast, and how the right time is known")
        .required()
        .check(&labelFault);
    command.option("--operator", options->operatorId, "Who says so").required().check(&labelFault);
    command.does([options](Context& context) { return acceptClock(*options, context); });
}

} // namespace

void addJournalCommands(const Command& program)
{
    const auto journal = program.group("journal", "The station's durable memory");
    const auto command = journal.subcommand("verify", "Recompute the whole hash chain; name the first bad entry");
    command.does(verify);
    addActs(journal);
    addAcceptClock(journal);
}

} // namespace enroll::app::enrollctl
