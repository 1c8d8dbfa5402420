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

/// "--name" of "--name=value".
std::string nameOf(const std::string& word)
{
    return word.substr(0, word.find('='));
}

/// An option stands behind a command of its own or of the program. Null if neither has it.
const CLI::Option* optionOf(const CLI::App& program, const CLI::App& command, const std::string& word)
{
    const auto name = nameOf(word);
    const auto* known = command.get_option_no_throw(name);
    return known == nullptr ? program.get_option_no_throw(name) : known;
}

/// The value of an option is no command.
bool takesNext(const CLI::Option* option, const std::string& word)
{
    return option != nullptr && option->get_items_expected_max() > 0 && nameOf(word) == word;
}

UnknownCommand unknownCommand(const CLI::App& program, std::span<const std::string> words)
{
    const auto* current = &program;
    std::string path;
    for (std::size_t i = 0; i < words.size() && !commandsOf(*current).empty(); ++i) {
        const auto& word = words[i];
        if (word.starts_with('-')) {
            i += takesNext(optionOf(program, *current, word), word) ? 1 : 0;
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

/// An option that the command in front of it does not have.
struct UnknownOption {
    const CLI::App* command = nullptr; ///< null if there is none
    std::string path;                  ///< the command's, with a space behind each word
    std::string word;
    std::span<const std::string> behind;
};

UnknownOption unknownOption(const CLI::App& program, std::span<const std::string> words)
{
    const auto* current = &program;
    std::string path;
    for (std::size_t i = 0; i < words.size() && words[i] != "--"; ++i) {
        const auto& word = words[i];
        if (word.starts_with("--")) {
            const auto* option = optionOf(program, *current, word);
            if (option == nullptr) {
                return {current, path, word, words.subspan(i + 1)};
            }
            i += takesNext(option, word) ? 1 : 0;
        } else if (hasCommand(*current, word)) {
            current = current->get_subcommand(word);
            path += word + " ";
        } else if (!commandsOf(*current).empty()) {
            return {}; // whose options those behind it are, nobody knows
        }
    }
    return {};
}

/// "--name needs a value; --count behind it is an option", if an option stands where the value of another must: that is a
/// shell variable without quotes that is empty. "--name=--count" is a value.
std::string missingValueText(const CLI::App& program, std::span<const std::string> words)
{
    const auto* current = &program;
    for (std::size_t i = 0; i + 1 < words.size() && words[i] != "--"; ++i) {
        const auto& word = words[i];
        if (word.starts_with("--")) {
            if (!takesNext(optionOf(program, *current, word), word)) {
                continue;
            }
            const auto& next = words[++i];
            if (next.starts_with("--") && optionOf(program, *current, next) != nullptr) {
                return word + " needs a value; " + shownText(nameOf(next)) + " behind it is an option";
            }
        } else if (hasCommand(*current, word)) {
            current = current->get_subcommand(word);
        }
    }
    return {};
}

/// A command below another that has the option which stands in front of it.
struct OwnerOfOption {
    std::string path; ///< with a space behind each word
    const CLI::Option* option = nullptr;
    bool isNamed = false; ///< each word of the path stands behind the option
};

std::vector<OwnerOfOption> ownersOf(const CLI::App& above, const UnknownOption& unknown, const std::string& path = {},
                                    bool isNamed = true)
{
    std::vector<OwnerOfOption> owners;
    for (const auto& name : commandsOf(above)) {
        const auto& command = *above.get_subcommand(name);
        const bool isWritten = isNamed && std::ranges::find(unknown.behind, name) != unknown.behind.end();
        if (const auto* option = command.get_option_no_throw(nameOf(unknown.word)); option != nullptr) {
            owners.push_back({path + name + " ", option, isWritten});
        }
        std::ranges::move(ownersOf(command, unknown, path + name + " ", isWritten), std::back_inserter(owners));
    }
    return owners;
}

/// "--count belongs after its command: program make --count 3", if an option stands in front of the command that has it.
std::string misplacedOptionText(const CLI::App& program, std::span<const std::string> words)
{
    const auto unknown = unknownOption(program, words);
    const auto owners = unknown.command == nullptr ? std::vector<OwnerOfOption>{} : ownersOf(*unknown.command, unknown);
    auto owner = std::ranges::find(owners, true, &OwnerOfOption::isNamed);
    if (owner == owners.end()) {
        if (owners.size() != 1) {
            return {};
        }
        owner = owners.begin();
    }
    auto text = nameOf(unknown.word) + " belongs after its command: " + program.get_name() + " " + unknown.path +
                owner->path + shownText(unknown.word);
    if (takesNext(owner->option, unknown.word) && !unknown.behind.empty()) {
        text += " " + shownText(unknown.behind.front());
    }
    return text;
}

/// "--serail is no option of enroll. Did you mean "--serial"?", if an option of that name is nowhere.
std::string unknownOptionText(const CLI::App& program, std::span<const std::string> words)
{
    const auto [command, path, word, behind] = unknownOption(program, words);
    if (command == nullptr) {
        return {};
    }
    std::vector<std::string_view> names;
    for (const auto* app : {command, &program}) {
        for (const auto* option : app->get_options()) {
            std::ranges::copy(option->get_lnames(), std::back_inserter(names));
        }
    }
    const auto name = nameOf(word);
    const auto near = nearestName(std::string_view{name}.substr(2), names);
    const auto of = path.empty() ? program.get_name() : path.substr(0, path.size() - 1);
    return shownText(name) + " is no option of " + of +
           (near.empty() ? "; see: " + program.get_name() + " " + path + "--help"
                         : ". Did you mean \"--" + std::string{near} + "\"?");
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

std::vector<std::string> CommandLine::commands() const
{
    return commandsOf(*m_app);
}

Result<std::optional<std::string>> CommandLine::parse(std::span<const std::string> words)
{
    if (const auto missing = missingValueText(*m_app, words); !missing.empty()) {
        return makeError(StationCode::UsageInvalid, missing);
    }
    try {
        arguments::parseStrictly(*m_app, words);
    } catch (const CLI::ParseError& fault) {
        std::ostringstream text;
        std::ostringstream ignored;
        if (m_app->exit(fault, text, ignored) == static_cast<int>(CLI::ExitCodes::Success)) {
            return std::optional{text.str()};
        }
        constexpr std::size_t kMostOfAFault = 480; // it quotes what was given
        // An unknown option goes first: the word behind it may be its value, and no command.
        for (const auto& better : {misplacedOptionText(*m_app, words), unknownOptionText(*m_app, words),
                                   unknownCommandText(*m_app, words), missingSubcommand(*m_app)}) {
            if (!better.empty()) {
                return makeError(StationCode::UsageInvalid, better);
            }
        }
        return makeError(StationCode::UsageInvalid, shownText(fault.what(), kMostOfAFault));
    }
    return std::optional<std::string>{};
}

} // namespace enroll::app::enrollctl
