#include "app/enrollctl/command_line.h"

#include "app/arguments/strict_parse.h"
#include "core/base/nearest_name.h"
#include "core/base/station_code.h"
#include "core/base/text.h"
#include "core/base/written_text.h"

#include <CLI/CLI.hpp>

#include <sstream>

namespace enroll::app::enrollctl {
namespace {

std::vector<std::string> commandsOf(const CLI::App& app)
{
    std::vector<std::string> names;
    std::ranges::transform(app.get_subcommands([](const CLI::App*) { return true; }), std::back_inserter(names),
                           [](const CLI::App* command) { return command->get_name(); });
    return names;
}

bool hasCommand(const CLI::App& app, const std::string& name)
{
    const auto names = commandsOf(app);
    return std::ranges::find(names, name) != names.end();
}

/// The name of the nearest command of \p app; of none that is near, one of its groups with the command \p word and that
/// command; empty if there is neither.
std::string meantCommand(const CLI::App& app, const std::string& word)
{
    const auto names = commandsOf(app);
    const std::vector<std::string_view> words{names.begin(), names.end()};
    if (const auto near = nearestName(word, words); !near.empty()) {
        return std::string{near};
    }
    const auto group = std::ranges::find_if(
        names, [&](const std::string& name) { return hasCommand(*app.get_subcommand(name), word); });
    return group == names.end() ? std::string{} : *group + " " + word;
}

/// The first word of the command line that stands where a command must and is none, and the command in front of it.
struct UnknownCommand {
    const CLI::App* group = nullptr; ///< null if there is none
    std::string path;                ///< "", or the group's name with a space behind it
    std::string word;
    std::string next; ///< the word behind it, if any
};

/// The value of an option is no command: an option stands before a command of its own or of the program.
bool takesNext(const CLI::App& program, const CLI::App& command, const std::string& option)
{
    const auto* known = command.get_option_no_throw(option);
    known = known == nullptr ? program.get_option_no_throw(option) : known;
    return known != nullptr && known->get_items_expected_max() > 0;
}

UnknownCommand unknownCommand(const CLI::App& program, std::span<const std::string> words)
{
    const auto* current = &program;
    std::string path;
    for (std::size_t i = 0; i < words.size() && !commandsOf(*current).empty(); ++i) {
        const auto& word = words[i];
        if (word.starts_with('-')) {
            i += takesNext(program, *current, word) ? 1 : 0;
        } else if (hasCommand(*current, word)) {
            current = current->get_subcommand(word);
            path += word + " ";
        } else {
            return {current, path, word, i + 1 < words.size() ? words[i + 1] : std::string{}};
        }
    }
    return {};
}

/// "there is no command "run". Did you mean "runs list"?", if a word stands where a command must and is none.
std::string unknownCommandText(const CLI::App& program, std::span<const std::string> words)
{
    const auto [group, path, word, next] = unknownCommand(program, words);
    if (group == nullptr) {
        return {};
    }
    const auto fault = "there is no command " + quotedText(path + word);
    auto meant = meantCommand(*group, word);
    if (meant.empty()) {
        return fault + "; there are: " + joined(commandsOf(*group));
    }
    if (hasCommand(*group, meant) && hasCommand(*group->get_subcommand(meant), next)) {
        meant += " " + next;
    }
    return fault + ". Did you mean \"" + path + meant + "\"?";
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
    return last->get_name() + " must be followed by a subcommand: " + joined(commandsOf(*last), " or ");
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

Option Option::placeholder(const std::string& name) const
{
    m_option->type_name(name);
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
        constexpr std::size_t kMostOfAFault = 480; // it quotes what was given
        for (const auto& better : {unknownCommandText(*m_app, words), missingSubcommand(*m_app)}) {
            if (!better.empty()) {
                return makeError(StationCode::UsageInvalid, better);
            }
        }
        return makeError(StationCode::UsageInvalid, shownText(fault.what(), kMostOfAFault));
    }
    return std::optional<std::string>{};
}

} // namespace enroll::app::enrollctl
