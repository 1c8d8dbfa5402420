#include "app/enrollctl/commands.h"
#include "app/enrollctl/config_values.h"
#include "app/enrollctl/counted.h"
#include "app/enrollctl/left_behind_text.h"
#include "app/enrollctl/result_documents.h"
#include "app/wiring/destinations.h"
#include "app/wiring/device.h"
#include "app/wiring/station_files.h"
#include "core/base/text.h"

namespace enroll::app::enrollctl {
namespace {

template <class T>
void noteFault(const Result<T>& result, std::vector<Error>& problems)
{
    if (!result.ok()) {
        problems.push_back(result.error());
    }
}

/// Every fault of the configuration that would otherwise show in a run or an upload.
std::vector<Error> problemsOf(const config::StationConfig& station)
{
    std::vector<Error> problems;
    const auto profile = wiring::loadProductProfile(station);
    noteFault(profile, problems);
    for (const auto& slot : station.slots) {
        if (profile.ok()) {
            noteFault(wiring::requireUsableSlot(station, slot, *profile), problems);
        }
    }
    if (profile.ok()) {
        noteFault(wiring::requireUsableScanner(station, *profile), problems);
    }
    delivery::RealWaiting waiting;
    for (const auto& destination : station.destinations) {
        noteFault(wiring::openDestination(destination.settings, waiting, destination.places), problems);
    }
    noteFault(wiring::loadTrust(station, profile.ok() ? *profile : enrollment::ProductProfile{}), problems);
    return problems;
}

/// What was found good: nothing is good of a file that nobody read.
std::string praiseOf(const config::StationConfig& station)
{
    if (station.filesRead.empty()) {
        return "no configuration file was read: every value is a default, no slot and no destination; --config names a "
               "file\n";
    }
    return "the configuration is good: " + printableText(station.filesRead.front().string()) + "; " +
           counted(station.slots.size(), "slot") + ", " + counted(station.destinations.size(), "destination") + "\n";
}

Result<ExitCode> checkConfig(Context& context)
{
    TRY_ASSIGN(const auto station, loadStation(context));
    const auto problems = problemsOf(station);
    const auto left = tellLeftBehind(station, context.output); // it may be so on purpose: no problem
    for (const auto& problem : problems) {
        context.output.notice(problem);
    }
    context.output.result(configCheckDocument(problems, left),
                          problems.empty() ? praiseOf(station) : counted(problems.size(), "problem") + "\n");
    return problems.empty() ? ExitCode::Done : ExitCode::Usage;
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
    const auto check = config.subcommand("check", "Say what is wrong with it");
    check.does(checkConfig);

    auto withOrigin = std::make_shared<bool>(false);
    const auto show = config.subcommand("show", "Every value that holds");
    show.option("--origin", *withOrigin, "And where it came from");
    show.does([withOrigin](Context& context) {
        return showConfig(*withOrigin ? OriginColumn::Shown : OriginColumn::Hidden, context);
    });
}

} // namespace enroll::app::enrollctl
