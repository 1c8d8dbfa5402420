#include "app/enrollctl/accepted_clock_text.h"
#include "app/enrollctl/commands.h"
#include "app/enrollctl/result_documents.h"
#include "app/enrollctl/run_list_text.h"
#include "app/enrollctl/run_text.h"
#include "app/enrollctl/time_option.h"
#include "core/base/station_code.h"
#include "core/base/text.h"
#include "core/base/uuid.h"
#include "core/base/written_text.h"
#include "core/enrollment/registration_id.h"

#include <algorithm>
#include <array>

namespace enroll::app::enrollctl {
namespace {

using db::review::RunFilter;
using db::review::RunQuery;

constexpr std::size_t kDefaultLimit = 50;
constexpr std::size_t kHighestLimit = 1000;

struct RunsListOptions {
    std::string outcome;
    std::string serial;
    std::string batch;
    std::string operatorId;
    std::string since;
    std::string until;
    std::string code;
    std::string registrationId;
    std::string recordState;
    std::size_t limit = kDefaultLimit;
    std::string after;
};

template <class Id>
std::optional<Id> idIfGiven(const std::string& text)
{
    return text.empty() ? std::nullopt : std::optional{Id{text}};
}

/// The member of \p all whose word is \p word. Error S-331 naming the option.
template <class Word, std::size_t N>
Result<std::optional<Word>> wordIfGiven(const char* option, const std::string& word, const std::array<Word, N>& all,
                                        std::string_view (*textOf)(Word) noexcept)
{
    if (word.empty()) {
        return std::optional<Word>{};
    }
    const auto found = std::ranges::find(all, word, textOf);
    if (found != all.end()) {
        return std::optional{*found};
    }
    std::array<std::string_view, N> words;
    std::ranges::transform(all, words.begin(), textOf);
    return makeError(StationCode::UsageInvalid, std::string{option} + " " + word + ": must be one of " + joined(words));
}

Result<std::optional<ErrorCode>> codeIfGiven(const std::string& text)
{
    const auto code = errorCodeFromText(text);
    if (!text.empty() && !code) {
        return makeError(StationCode::UsageInvalid, "--code " + text + ": there is no such code; they look like D-118");
    }
    return code;
}

Result<RunFilter> filterOf(const RunsListOptions& options)
{
    RunFilter filter;
    TRY_ASSIGN(filter.outcome, wordIfGiven("--outcome", options.outcome, kAllOutcomes, &outcomeText));
    filter.serialNumber = idIfGiven<enrollment::SerialNumber>(options.serial);
    filter.batch = idIfGiven<enrollment::BatchId>(options.batch);
    filter.operatorId = idIfGiven<enrollment::OperatorId>(options.operatorId);
    TRY_ASSIGN(filter.since, timeOption("--since", options.since));
    TRY_ASSIGN(filter.until, timeOption("--until", options.until));
    TRY_ASSIGN(filter.code, codeIfGiven(options.code));
    filter.registrationId = idIfGiven<enrollment::RegistrationId>(options.registrationId);
    TRY_ASSIGN(filter.recordState, wordIfGiven("--record", options.recordState, enrollment::kAllRecordStates,
                                               &enrollment::recordStateText));
    return filter;
}

Result<ExitCode> listRuns(const RunsListOptions& options, Context& context)
{
    TRY_ASSIGN(const auto filter, filterOf(options));
    TRY_ASSIGN(const auto station, loadStation(context));
    TRY_ASSIGN(const auto query, RunQuery::open(station.dataDirectory));
    TRY_ASSIGN(const auto page, query->list(filter, options.limit, options.after));
    TRY_ASSIGN(const auto accepted, db::journal::acceptedClocks(station.dataDirectory));
    context.output.result(runListDocument(page, accepted),
                          runListText(page, context.output) + acceptedClocksText(accepted));
    return ExitCode::Done;
}

Result<ExitCode> showOneRun(const std::string& runId, Context& context)
{
    auto parsed = parseUuidV7(runId);
    if (!parsed) {
        return makeError(StationCode::NameNotAllowed,
                         quotedText(runId) +
                             " is not the id of a run: a run id has 36 characters, as enrollctl runs list shows it");
    }
    const enrollment::RunId id{std::move(parsed).value()};
    TRY_ASSIGN(const auto station, loadStation(context));
    TRY_ASSIGN(const auto query, RunQuery::open(station.dataDirectory));
    TRY_ASSIGN(const auto stored, query->show(id));
    context.output.result(stored.document,
                          runText(stored.run, context.output) + notUnderstoodText(stored.notUnderstood));
    return ExitCode::Done;
}

void addList(const Command& runs)
{
    auto options = std::make_shared<RunsListOptions>();
    const auto command = runs.subcommand("list", "The attestation log, newest first");
    command.option("--outcome", options->outcome, "pass, fail, hold, station-fault or aborted");
    command.option("--serial", options->serial, "Serial number");
    command.option("--batch", options->batch, "Batch");
    command.option("--operator", options->operatorId, "Operator");
    command.option("--since", options->since, "Started at or after this UTC time");
    command.option("--until", options->until, "Started before this UTC time");
    command.option("--code", options->code, "Code that decided, e.g. D-122");
    command.option("--registration-id", options->registrationId, "Registration id");
    command.option("--record", options->recordState, "queued, sent, accepted, rejected or set-aside");
    command.option("--limit", options->limit, "At most so many").between(1, kHighestLimit);
    command.option("--after", options->after, "Cursor that the page before ended with");
    command.does([options](Context& context) { return listRuns(*options, context); });
}

void addShow(const Command& runs)
{
    auto runId = std::make_shared<std::string>();
    const auto command = runs.subcommand("show", "One run as it was recorded");
    command.option("run", *runId, "Run id").required();
    command.does([runId](Context& context) { return showOneRun(*runId, context); });
}

} // namespace

void addRunsCommands(const Command& program)
{
    const auto runs = program.group("runs", "The attestation log");
    addList(runs);
    addShow(runs);
}

} // namespace enroll::app::enrollctl
