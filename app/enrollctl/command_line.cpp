#include "app/enrollctl/command_line.h"

#include "app/arguments/strict_parse.h"
#include "core/base/station_code.h"
#include "core/base/text.h"

#include <CLI/CLI.hpp>

#include <sstream>

namespace enroll::app::enrollctl {
namespace {

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
    std::vector<std::string> names;
    std::ranges::transform(last->get_subcommands([](const CLI::App*) { return true; }), std::back_inserter(names),
                           [](const CLI::App* command) { return command->get_name(); });
    return last->get_name() + " must be followed by a subcommand: " + joined(names, " or ");
}

} // namespace

Option Option::required() const
{
    m_option->required();
    return *this;
}

Option Option::between(std::int64_t lowest, std::int64_t highest) const
{
    m_option->check(CLI::Range(lowest, highest));
    return *this;
}

Option Option::check(std::string (*fault)(const std::string&)) const
{
    m_option->check(fault);
    return *this;
}

Option Option::needs(const Option& other) const
{
    m_option->needs(other.m_option);
    return *this;
}

Command Command::subcommand(const std::string& name, const std::string& help) const
{
    return {*m_app->add_subcommand(name, help), *m_chosen};
}

Command Command::group(const std::string& name, const std::string& help) const
{
    auto* app = m_app->add_subcommand(name, help);
    app->require_subcommand(1);
    return {*app, *m_chosen};
}

Option Command::add(const std::string& name, Target target, const std::string& help) const
{
    return std::visit(
        [&](auto* value) {
            if constexpr (std::is_same_v<decltype(value), bool*>) {
                return Option{*m_app->add_flag(name, *value, help)};
            } else {
                auto* option = m_app->add_option(name, *value, help)->allow_extra_args(false);
                if constexpr (std::is_same_v<decltype(value), std::filesystem::path*> ||
                              std::is_same_v<decltype(value), std::optional<std::filesystem::path>*>) {
                    option->check(pathFault);
                }
                return Option{*option};
            }
        },
        target);
}

void Command::does(ReadyCommand action) const
{
    m_app->callback([chosen = m_chosen, action = std::move(action)] { *chosen = action; });
}

CommandLine::CommandLine(const std::string& program, const std::string& description, const std::string& footer)
    : m_app(std::make_unique<CLI::App>(description, program))
{
    m_app->footer(footer);
    m_app->fallthrough(); // the program's options may stand after a command's name, too
    m_app->set_help_flag("--help,-h", "Print this help and end");
}

CommandLine::~CommandLine() = default;

Command CommandLine::root()
{
    return {*m_app, m_chosen};
}

Result<std::optional<std::string>> CommandLine::parse(std::span<const std::string> words)
{
    try {
        arguments::parseStrictly(*m_app, words);
    } catch (const CLI::ParseError& fault) {
        std::ostringstream text;
        std::ostringstream ignored;
        if (m_app->exit(fault, text, ignored) == static_cast<int>(CLI::ExitCodes::Success)) {
            return std::optional{text.str()};
        }
        const auto missing = missingSubcommand(*m_app);
        return makeError(StationCode::UsageInvalid, missing.empty() ? fault.what() : missing);
    }
    return std::optional<std::string>{};
}

} // namespace enroll::app::enrollctl
