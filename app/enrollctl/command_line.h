#pragma once

#include "app/enrollctl/context.h"
#include "app/enrollctl/exit_code.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace CLI {
class App;
class Option;
} // namespace CLI

namespace enroll::app::enrollctl {

/// A command with its options filled in. The error it may return ends the program with exitCodeOf(error.code).
using ReadyCommand = std::function<Result<ExitCode>(Context&)>;

/// One option or argument while it is declared. Each call adds a rule and gives the option back.
class Option {
public:
    explicit Option(CLI::Option& option) : m_option(&option) {}

    Option required() const;
    /// Refuses numbers outside \p lowest..\p highest.
    Option between(std::int64_t lowest, std::int64_t highest) const;
    /// \p fault says what is wrong with the text of the value; an empty answer accepts it.
    Option check(std::string (*fault)(const std::string& text)) const;
    /// What stands for the value in the help, instead of "TEXT".
    Option placeholder(const std::string& name) const;
    /// Refuses this option without \p other.
    Option needs(const Option& other) const;

private:
    CLI::Option* m_option;
};

/// One command while it is declared: a name after `enrollctl`, its options, and what it does. The command line owns it.
class Command {
public:
    Command(CLI::App& app, ReadyCommand& chosen) : m_app(&app), m_chosen(&chosen) {}

    /// Adds the command \p name below this one.
    Command subcommand(const std::string& name, const std::string& help) const;
    /// Adds a command that does nothing by itself: one of its own subcommands must follow.
    Command group(const std::string& name, const std::string& help) const;

    /// Declares an option ("--name") or an argument ("name"); a bool is a flag. \p value holds the default, lives as long
    /// as the command line, and is set before the command runs.
    template <class Value>
    Option option(const std::string& name, Value& value, const std::string& help) const
    {
        return add(name, &value, help);
    }

    /// Does \p action if the command line names this command. The action may own the option values it reads.
    void does(ReadyCommand action) const;

private:
    using Target =
        std::variant<std::string*, std::optional<std::string>*, std::filesystem::path*,
                     std::optional<std::filesystem::path>*, int*, std::size_t*, std::vector<std::string>*, bool*>;
    Option add(const std::string& name, Target target, const std::string& help) const;

    CLI::App* m_app;
    ReadyCommand* m_chosen;
};

/// The command line of one program run, read by CLI11. Only command_line.cpp includes CLI11, because its headers cost every
/// file that includes them seconds of compile time.
class CommandLine {
public:
    CommandLine(const std::string& program, const std::string& description, const std::string& footer);
    CommandLine(const CommandLine&) = delete;
    CommandLine& operator=(const CommandLine&) = delete;
    ~CommandLine();

    /// The program itself: what options and commands are declared on.
    [[nodiscard]] Command root();

    /// Reads \p words, which exclude the program's name, and sets the values of the options. The value is the help, if it
    /// was asked for; the error is S-331 and says which option or command is wrong. A value that is empty is wrong.
    [[nodiscard]] Result<std::optional<std::string>> parse(std::span<const std::string> words);

    /// The names of the commands, as they were declared.
    [[nodiscard]] std::vector<std::string> commands() const;

    /// The command that was named; empty if none was.
    [[nodiscard]] const ReadyCommand& chosen() const { return m_chosen; }

private:
    std::unique_ptr<CLI::App> m_app;
    ReadyCommand m_chosen;
};

} // namespace enroll::app::enrollctl
