#pragma once

#include <optional>
#include <span>
#include <string>

namespace CLI {
class App;
} // namespace CLI

/// What the command lines of all programs have in common. Declares nothing of CLI11's: its headers cost every file that
/// includes them seconds of compile time.
namespace enroll::app::arguments {

/// Sets what is declared on \p app from \p arguments, which exclude the program's name.
///
/// Refuses an option or an argument whose value is empty, with its name. An empty value is a shell variable that is not
/// set; to a program an empty filter or name means "not given", so it would do its work for everything.
/// \throws CLI::ParseError   wrong usage; also for --help and --version, as CLI::App::parse() does
void parseStrictly(CLI::App& app, std::span<const std::string> arguments);

/// parseStrictly() for a program without commands. The value is the exit code of a program that ends here: 0 after --help or
/// --version, whose text is on standard output, 2 after wrong usage, which standard error says.
std::optional<int> parseOrEnd(CLI::App& app, std::span<const std::string> arguments);

} // namespace enroll::app::arguments
