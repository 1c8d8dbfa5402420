#include "app/enrollctl/commands.h"
#include "app/enrollctl/json_values.h"
#include "app/self_check/self_check.h"
#include "app/wiring/software_stamp.h"
#include "app/wiring/station_files.h"
#include "db/journal/open_journal.h"
#include "db/qt/values.h"

#include <QJsonArray>

namespace enroll::app::enrollctl {
namespace {

using db::qt::toQString;
using self_check::SelfCheck;

std::string textOf(const SelfCheck& check, const Output& output)
{
    std::string text;
    for (const auto& each : check.runs) {
        text += std::string{each.asExpected ? "as it must: " : "WRONG: "} +
                std::string{self_check::specimenText(each.specimen)} + " device, " +
                output.outcomeShown(each.run.outcome) + "\n";
    }
    return text + (check.stamp.passed ? "the station passed its check\n"
                                      : "the station did NOT pass its check: test nothing, call Quality\n");
}

/// `{schema, at, passed, runs: [{device, asExpected, outcome, code}]}`
QJsonObject documentOf(const SelfCheck& check)
{
    QJsonArray runs;
    for (const auto& each : check.runs) {
        runs.append(QJsonObject{{QLatin1String("device"), toQString(self_check::specimenText(each.specimen))},
                                {QLatin1String("asExpected"), each.asExpected},
                                {QLatin1String("outcome"), toQString(outcomeText(each.run.outcome))},
                                {QLatin1String("code"), textOrNull(each.run.code ? codeText(*each.run.code) : "")}});
    }
    return {{QLatin1String("schema"), QStringLiteral("enrollment-station/self-check-result/1")},
            {QLatin1String("at"), toQString(toIso8601(check.stamp.at))},
            {QLatin1String("passed"), check.stamp.passed},
            {QLatin1String("runs"), runs}};
}

Result<ExitCode> checkItself(Context& context)
{
    TRY_ASSIGN(const auto station, loadStation(context));
    TRY_ASSIGN(auto profile, wiring::loadProductProfile(station));
    TRY(db::journal::makeDataDirectory(station.dataDirectory));
    context.output.progress(
        "  a good device and bad ones are tested; the first time they are made, which takes longer");
    TRY_ASSIGN(const auto check,
               self_check::checkAndKeep(station.dataDirectory,
                                        {station.stationId, std::move(profile), wiring::softwareStamp(), {}},
                                        context.stop));
    context.output.result(documentOf(check), textOf(check, context.output));
    return check.stamp.passed ? ExitCode::Done : ExitCode::StationFault;
}

} // namespace

void addSelfCheckCommand(const Command& program)
{
    program
        .subcommand("self-check", "Prove on software TPMs that the station passes a good device and refuses bad ones")
        .does([](Context& context) { return checkItself(context); });
}

} // namespace enroll::app::enrollctl
