#include "app/enrollctl/program.h"

#include "app/enrollctl/commands.h"
#include "app/wiring/software_stamp.h"
#include "core/base/station_code.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <sstream>

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

void addGlobalOptions(CLI::App& app, GlobalOptions& options, GlobalFlags& flags)
{
    app.add_option("--config", options.config, "Read this station configuration instead of the system's");
    app.add_option("--data", options.data, "Directory of the journal and the trust anchors");
    app.add_option("--profile", options.profile, "Product profile: a file, or the name of a shipped one");
    app.add_flag("--json", flags.json, "Write one JSON document to standard output and nothing else");
    app.add_flag("--quiet", flags.quiet, "No progress on standard error");
    app.add_flag("--version", flags.version, "Print the version and end");
    app.set_help_flag("--help,-h", "Print this help and end");
}

void addCommands(CLI::App& app, ReadyCommand& chosen)
{
    addEkCommand(app, chosen);
    addAttestCommand(app, chosen);
    addEnrollCommand(app, chosen);
    addUploadCommand(app, chosen);
    addRegisterCommand(app, chosen);
    addRunsCommands(app, chosen);
    addJournalCommands(app, chosen);
    addExportCommand(app, chosen);
    addTrustCommands(app, chosen);
    addProfileCommands(app, chosen);
    addConfigCommands(app, chosen);
    addSimulateCommand(app, chosen);
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

/// "runs must be followed by a subcommand: list or show", if that is what the command line lacks.
std::string missingSubcommand(const CLI::App& app)
{
    const auto* last = &app;
    while (!last->get_subcommands().empty()) {
        last = last->get_subcommands().front();
    }
    if (last == &app || last->get_require_subcommand_min() == 0) {
        return {};
    }
    std::string words;
    for (const auto* command : last->get_subcommands([](const CLI::App*) { return true; })) {
        words += (words.empty() ? "" : " or ") + command->get_name();
    }
    return last->get_name() + " must be followed by a subcommand: " + words;
}

/// What CLI11 has to say: the help that was asked for, or what is wrong with the command line.
ExitCode finishParse(const CLI::App& app, const CLI::ParseError& fault, Output& output)
{
    std::ostringstream text;
    std::ostringstream ignored;
    if (app.exit(fault, text, ignored) == static_cast<int>(CLI::ExitCodes::Success)) {
        output.plain(text.str());
        return ExitCode::Done;
    }
    const auto missing = missingSubcommand(app);
    return refuse(makeError(StationCode::UsageInvalid, missing.empty() ? fault.what() : missing), output);
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
    ReadyCommand command;
    CLI::App app{"Enrolls devices with a TPM 2.0 and proves that each one is genuine", "enrollctl"};
    app.footer("Exit codes: 0 done, and PASS where a device was judged; 2 usage or configuration; 10 FAIL; 11 HOLD;\n"
               "12 station fault; 13 records rejected or left; 14 integrity check failed; 130 interrupted\n"
               "Options of every command: --config FILE, --data DIR, --profile FILE|NAME, --json, --quiet");
    app.fallthrough();
    addGlobalOptions(app, options, flags);
    addCommands(app, command);

    // A command line that cannot be parsed is answered in the form it asks for, too.
    flags.json = std::ranges::find(arguments, "--json") != arguments.end();
    output.setStyle(styleOf(flags, colour));
    try {
        app.parse(std::vector<std::string>{arguments.rbegin(), arguments.rend()}); // CLI11 takes them last first
    } catch (const CLI::ParseError& fault) {
        return finishParse(app, fault, output);
    }
    output.setStyle(styleOf(flags, colour));

    if (flags.version) {
        output.result(versionDocument(), "enrollctl " + wiring::softwareStamp().version + "\n");
        return ExitCode::Done;
    }
    if (!command) {
        return refuse(makeError(StationCode::UsageInvalid, "a command is missing"), output);
    }
    Context context{options, output, stop};
    return runCommand(command, context);
}

} // namespace

ExitCode runProgram(std::span<const std::string> arguments, Output& output, Colour colour, const std::stop_token& stop)
{
    const auto code = runArguments(arguments, output, colour, stop);
    if (output.resultArrived()) {
        return code;
    }
    output.notice(makeError(StationCode::InternalFault, "the result could not be written to standard output"));
    return ExitCode::StationFault;
}

} // namespace enroll::app::enrollctl
