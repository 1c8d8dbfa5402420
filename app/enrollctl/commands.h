#pragma once

#include "app/enrollctl/context.h"
#include "app/enrollctl/exit_code.h"

#include <functional>

namespace CLI {
class App;
}

namespace enroll::app::enrollctl {

/// A command with its options filled in. The error it may return ends the program with exitCodeOf(error.code).
using ReadyCommand = std::function<Result<ExitCode>(Context&)>;

/// Each declares one command with its options below \p app, and puts the command into \p chosen when the command line
/// names it.
void addEkCommand(CLI::App& app, ReadyCommand& chosen);
void addAttestCommand(CLI::App& app, ReadyCommand& chosen);
void addEnrollCommand(CLI::App& app, ReadyCommand& chosen);
void addUploadCommand(CLI::App& app, ReadyCommand& chosen);
void addRegisterCommand(CLI::App& app, ReadyCommand& chosen);
void addRunsCommands(CLI::App& app, ReadyCommand& chosen);
void addJournalCommands(CLI::App& app, ReadyCommand& chosen);
void addExportCommand(CLI::App& app, ReadyCommand& chosen);
void addTrustCommands(CLI::App& app, ReadyCommand& chosen);
void addProfileCommands(CLI::App& app, ReadyCommand& chosen);
void addConfigCommands(CLI::App& app, ReadyCommand& chosen);
void addSimulateCommand(CLI::App& app, ReadyCommand& chosen);

} // namespace enroll::app::enrollctl
