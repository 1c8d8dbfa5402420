#include "app/arguments/strict_parse.h"

#include "core/base/text.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <iostream>
#include <sstream>

namespace enroll::app::arguments {
namespace {

constexpr int kWrongUsage = 2;

std::string emptyFault(std::string& value)
{
    return value.empty() ? "the value is empty; leave the option out, or give it a value" : "";
}

bool takesValue(const CLI::Option& option)
{
    return option.get_items_expected_max() > 0;
}

void requireValues(CLI::App& app)
{
    for (auto* option : app.get_options([](const CLI::Option* any) { return takesValue(*any); })) {
        option->transform(CLI::Validator{emptyFault, ""}); // comes before the option's own checks, unlike check()
    }
    for (auto* command : app.get_subcommands([](const CLI::App*) { return true; })) {
        requireValues(*command);
    }
}

/// "--name=": the first "=" is the last character.
bool endsWithItsEquals(const std::string& word)
{
    return word.starts_with("--") && word.find('=') == word.size() - 1;
}

/// Refuses "--name=" in \p arguments: CLI11 would take the next word as the value.
void requireValuesBehindEquals(std::span<const std::string> arguments)
{
    const auto end = std::ranges::find(arguments, "--");
    const auto found = std::find_if(arguments.begin(), end, endsWithItsEquals);
    if (found != end) {
        std::string none;
        throw CLI::ValidationError(found->substr(0, found->size() - 1), emptyFault(none));
    }
}

} // namespace

void parseStrictly(CLI::App& app, std::span<const std::string> arguments)
{
    requireValues(app);
    requireValuesBehindEquals(arguments);
    app.parse(std::vector<std::string>{arguments.rbegin(), arguments.rend()}); // CLI11 takes them last first
}

std::optional<int> parseOrEnd(CLI::App& app, std::span<const std::string> arguments)
{
    try {
        parseStrictly(app, arguments);
    } catch (const CLI::ParseError& ended) {
        std::ostringstream out;
        std::ostringstream err;
        const bool answered = app.exit(ended, out, err) == 0;
        std::cout << printableLines(out.str()) << std::flush;
        std::cerr << printableLines(err.str()) << std::flush;
        return answered ? 0 : kWrongUsage;
    }
    return std::nullopt;
}

} // namespace enroll::app::arguments
