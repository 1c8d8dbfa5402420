#include "app/enrollctl/commands.h"
#include "app/enrollctl/config_values.h"
#include "app/enrollctl/counted.h"
#include "app/enrollctl/left_behind_text.h"
#include "app/enrollctl/result_documents.h"
#include "app/wiring/destinations.h"
#include "app/wiring/station_check.h"
#include "app/wiring/station_files.h"
#include "core/base/cancellation.h"
#include "core/base/cloud_code.h"
#include "core/base/recoded.h"
#include "core/base/station_code.h"
#include "core/base/text.h"
#include "core/base/written_text.h"
#include "core/enrollment/profile_remarks.h"
#include "db/slot_memory/slot_memory_file.h"

#include <algorithm>
#include <cerrno>

namespace enroll::app::enrollctl {
namespace {

enum class Reach { Opened, Connected };

std::string praiseOf(const config::StationConfig& station)
{
    return "the configuration is good: " + printableText(station.file.string()) + "; " +
           counted(station.slots.size(), "slot") + ", " + counted(station.destinations.size(), "destination") + "\n";
}

/// A station that works is no problem, but no second one starts.
std::string holderText(const std::optional<system::LockHolder>& holder)
{
    if (!holder) {
        return {};
    }
    const auto program = holder->program.empty() ? std::string{} : " (" + printableText(holder->program) + ")";
    return "the station is open in process " + std::to_string(holder->process) + program + "\n";
}

/// Asks each destination whether it lets the station in, one after another.
std::vector<Probe> probeAll(const config::StationConfig& station, Context& context)
{
    std::vector<Probe> probes;
    delivery::RealWaiting waiting;
    for (const auto& [name, settings, places] : station.destinations) {
        const auto destination = wiring::openDestination(settings, waiting, places);
        if (!destination.ok() || context.stop.stop_requested()) {
            continue; // a fault of its files is a problem already
        }
        context.output.progress("asking " + shownText(name.text()));
        const auto probed = (*destination)->probe(context.stop);
        probes.push_back({name, probed.ok() ? std::nullopt : std::optional{probed.error()}});
    }
    return probes;
}

/// How far the station came. Only a destination that answered can have refused it.
std::string answerOf(const Probe& probe)
{
    if (!probe.fault) {
        return "answered, and lets this station in";
    }
    const auto isOneOf = [&](std::initializer_list<CloudCode> codes) {
        return std::ranges::any_of(codes, [&](CloudCode code) { return probe.fault->code == code; });
    };
    if (isOneOf({CloudCode::Unreachable, CloudCode::TimedOut})) {
        return "could not be reached";
    }
    if (isOneOf({CloudCode::CertificateInvalid})) {
        return "could not be verified";
    }
    return isOneOf({CloudCode::Busy, CloudCode::AsksForLongWait, CloudCode::Fault, CloudCode::AnswerMalformed})
               ? "did not say whether it lets this station in"
               : "does not let this station in";
}

/// Names each that does not let the station in, and returns a line for every one.
std::string tellProbes(std::span<const Probe> probes, Output& output)
{
    std::string lines;
    for (const auto& probe : probes) {
        const auto name = "destination " + quotedText(probe.destination.text());
        if (probe.fault) {
            output.notice(prefixed(name + ": ", *probe.fault));
        }
        lines += name + " " + answerOf(probe) + "\n";
    }
    return lines;
}

/// What is wrong with the files comes first: whoever mends them asks again. An altered or lost journal outweighs the rest.
ExitCode endOf(std::span<const Error> problems, std::span<const Probe> probes)
{
    if (!problems.empty()) {
        const bool isAltered = std::ranges::count(problems, ErrorCode{StationCode::JournalAltered}, &Error::code) > 0;
        return isAltered ? exitCodeOf(StationCode::JournalAltered) : ExitCode::Usage;
    }
    const auto refused = std::ranges::find_if(probes, [](const auto& probe) { return probe.fault.has_value(); });
    return refused == probes.end() ? ExitCode::Done : exitCodeOf(refused->fault->code);
}

Result<ExitCode> checkConfig(Reach reach, Context& context)
{
    TRY_ASSIGN(const auto station, loadStation(context));
    auto problems = wiring::faultsOf(station);
    StationFacts facts;
    facts.probes = reach == Reach::Connected ? probeAll(station, context) : std::vector<Probe>{};
    if (auto left = warnOfLeftBehind(station, context.output); left.ok()) {
        facts.left = std::move(left).value(); // it may be so on purpose: no problem
    } else {
        problems.push_back(left.error()); // nothing is enrolled, nor sent, beside such a journal
    }
    facts.openIn = system::lockHolder(db::slot_memory::stationLockFile(station.dataDirectory));
    if (const auto profile = wiring::loadProductProfile(station); profile.ok()) {
        facts.remarks = enrollment::profileRemarks(*profile); // what is not right is among the problems
    }
    for (const auto& problem : problems) {
        context.output.notice(problem);
    }
    for (const auto& remark : wiring::trustRemarks(station)) {
        context.output.warning(remark);
    }
    auto text = problems.empty() ? praiseOf(station) : counted(problems.size(), "problem") + "\n";
    text += remarksText(facts.remarks) + holderText(facts.openIn) + tellProbes(facts.probes, context.output);
    if (context.stop.stop_requested()) {
        return stopAsked();
    }
    context.output.result(configCheckDocument(problems, facts), text);
    return endOf(problems, facts.probes);
}

/// What belongs to the administrator can be written by root alone.
Error sayingWhoMay(Error error)
{
    const auto* number = std::get_if<Errno>(&error.source);
    if (number != nullptr && (number->value == EACCES || number->value == EPERM)) {
        error.what += "; run it as root, or name a file with --config";
    }
    return error;
}

/// The file that the programs would read. The sample says no more than the defaults, so that nothing changes by it.
Result<ExitCode> initConfig(Context& context)
{
    const auto file = config::configurationFile(configSources(context));
    if (auto written = wiring::writeSampleConfiguration(file); !written.ok()) {
        return sayingWhoMay(std::move(written).error());
    }
    context.output.result(configInitDocument(file), "written: " + printableText(file.string()) +
                                                        "\nGive it a [[slot]] and a [[destination]], then: enrollctl "
                                                        "config check\n");
    return ExitCode::Done;
}

Result<ExitCode> showConfig(OriginColumn origin, Context& context)
{
    TRY_ASSIGN(const auto station, loadStation(context));
    const auto values = configValues(station);
    context.output.result(configDocument(values), configText(values, origin));
    return ExitCode::Done;
}

} // namespace

void addConfigCommands(const Command& program)
{
    const auto config = program.group("config", "The station's configuration");
    const auto init = config.subcommand("init", "Write a station.toml that shows every key, where there is none");
    init.does(initConfig);

    auto connect = std::make_shared<bool>(false);
    const auto check = config.subcommand("check", "Say what is wrong with it");
    check.option("--connect", *connect, "Ask each destination whether it lets this station in; changes nothing there");
    check.does(
        [connect](Context& context) { return checkConfig(*connect ? Reach::Connected : Reach::Opened, context); });

    auto withOrigin = std::make_shared<bool>(false);
    const auto show = config.subcommand("show", "Every value that holds");
    show.option("--origin", *withOrigin, "And where it came from");
    show.does([withOrigin](Context& context) {
        return showConfig(*withOrigin ? OriginColumn::Shown : OriginColumn::Hidden, context);
    });
}

} // namespace enroll::app::enrollctl
