#include "app/enrollctl/program.h"

#include "app/enrollctl/commands.h"
#include "app/wiring/software_stamp.h"
#include "core/base/station_code.h"
#include "core/base/text.h"

#include <algorithm>

namespace enroll::app::enrollctl {
namespace {

struct GlobalFlags {
    bool json = false;
    bool quiet = false;
    bool version = false;
};

QJsonObject versionDocument()
{
    const auto stamp = wiring::softwareStamp();
    return {{QStringLiteral("schema"), QStringLiteral("enrollment-station/version/1")},
            {QStringLiteral("version"), QString::fromStdString(stamp.version)},
            {QStringLiteral("build"), QString::fromStdString(stamp.build)}};
}

void addGlobalOptions(const Command& program, GlobalOptions& options, GlobalFlags& flags)
{
    program.option("--config", options.config,
                   "Station configuration, one file, as ENROLL_CONFIG; default: /etc/enroll-station/station.toml and "
                   "conf.d/*.toml beside it");
    program.option("--data", options.data,
                   "Directory of the journal and the trust anchors, as ENROLL_DATA; default: what the configuration "
                   "says");
    program.option("--profile", options.profile, "Product profile: a file, or the name of a shipped one");
    program.option("--json", flags.json, "Write one JSON document to standard output and nothing else");
    program.option("--quiet", flags.quiet, "No progress on standard error");
    program.option("--version", flags.version, "Print the version and end");
}

void addCommands(const Command& program)
{
    addEkCommand(program);
    addAttestCommand(program);
    addEnrollCommand(program);
    addUploadCommand(program);
    addRegisterCommand(program);
    addRunsCommands(program);
    addJournalCommands(program);
    addKeysCommands(program);
    addAgentKeysCommands(program);
    addExportCommand(program);
    addTrustCommands(program);
    addPeopleCommands(program);
    addProfileCommands(program);
    addConfigCommands(program);
    addSelfCheckCommand(program);
    addSlotsCommands(program);
    addSimulateCommand(program);
}

OutputStyle styleOf(const GlobalFlags& flags, Colour colour)
{
    return {flags.json ? OutputForm::Json : OutputForm::Text, flags.quiet ? Verbosity::Quiet : Verbosity::Normal,
            flags.json ? Colour::Plain : colour};
}

ExitCode refuse(const Error& error, Output& output)
{
    output.error(error);
    return exitCodeOf(error.code);
}

ExitCode runCommand(const ReadyCommand& command, Context& context)
{
    const auto result = command(context);
    return result.ok() ? *result : refuse(result.error(), context.output);
}

ExitCode runArguments(std::span<const std::string> arguments, Output& output, Colour colour,
                      const std::stop_token& stop)
{
    GlobalOptions options;
    GlobalFlags flags;
    CommandLine commandLine{
        "enrollctl", "Enrolls devices with a TPM 2.0 and proves that each one is genuine",
        "Exit codes: 0 done, and PASS where a device was judged; 2 usage or configuration; 10 FAIL, or weak keys "
        "found;\n"
        "11 HOLD; 12 station fault; 13 records rejected, left or unreadable; 14 integrity check failed; 130 "
        "interrupted\n"
        "Options of every command: --config FILE, --data DIR, --profile FILE|NAME, --json, --quiet"};
    addGlobalOptions(commandLine.root(), options, flags);
    addCommands(commandLine.root());

    // Looked for before parsing, so that the error of a command line that cannot be parsed has the right form, too.
    flags.json = std::ranges::find(arguments, "--json") != arguments.end();
    output.setStyle(styleOf(flags, colour));
    const auto help = commandLine.parse(arguments);
    if (!help.ok()) {
        return refuse(help.error(), output);
    }
    if (*help) {
        output.plain(**help);
        return ExitCode::Done;
    }
    output.setStyle(styleOf(flags, colour));

    if (flags.version) {
        output.result(versionDocument(), "enrollctl " + wiring::softwareStamp().version + "\n");
        return ExitCode::Done;
    }
    if (!commandLine.chosen()) {
        return refuse(
            makeError(StationCode::UsageInvalid, "a command is missing; there are: " + joined(commandLine.commands())),
            output);
    }
    Context context{options, output, stop};
    return runCommand(commandLine.chosen(), context);
}

} // namespace

ExitCode runProgram(std::span<const std::string> arguments, Output& output, Colour colour, const std::stop_token& stop)
{
    const auto code = runArguments(arguments, output, colour, stop);
    if (output.resultArrived()) {
        return code;
    }
    output.notice(makeError(StationCode::FileUnusable,
                            "standard output takes no more: its disk is full or its reader is gone; "
                            "what the command did stands, its result was not shown in full"));
    return ExitCode::StationFault;
}

} // namespace enroll::app::enrollctl
