#include "core/config/toml_fields.h"

#include "core/base/nearest_name.h"
#include "core/base/recoded.h"
#include "core/base/station_code.h"
#include "core/base/text.h"
#include "core/base/written_text.h"
#include "core/system/whole_file.h"

#include <climits>

#include <algorithm>
#include <sstream>

namespace enroll::config {
namespace {

constexpr std::size_t kMostFileBytes = 1U << 20U;
constexpr std::size_t kMostOfAFault = 240; // the parser names keys, which can be as long as the file

const toml::table& emptyTable()
{
    static const toml::table empty;
    return empty;
}

/// Passes over the text in quotes that begins at \p at, and gives the first place behind it.
std::size_t behindText(std::string_view text, std::size_t at)
{
    const char quote = text[at];
    const std::string three(3, quote);
    const bool manyLines = text.substr(at).starts_with(three);
    const std::string end = manyLines ? three : std::string(1, quote);
    at += end.size();
    while (at < text.size() && !text.substr(at).starts_with(end)) {
        if (!manyLines && text[at] == '\n') {
            return at; // the parser refuses it
        }
        at += quote == '"' && text[at] == '\\' && text.substr(at + 1, 1) != "\n" ? 2 : 1;
    }
    at += end.size();
    for (int more = 0; manyLines && more < 2 && at < text.size() && text[at] == quote; ++more) {
        ++at; // such a text may end with two quotes of its own
    }
    return std::min(at, text.size());
}

/// How deep the tables and lists of a TOML text can go into each other at the place that is read.
struct Nesting {
    int dots = 0;     ///< so far in this line, outside of texts
    int brackets = 0; ///< open

    void read(char c) noexcept
    {
        dots = c == '\n' ? 0 : dots + (c == '.' ? 1 : 0);
        brackets += c == '[' || c == '{' ? 1 : 0;
        brackets -= c == ']' || c == '}' ? 1 : 0;
    }
    [[nodiscard]] bool tooDeep() const noexcept
    {
        constexpr int kMostDots = 64; // the files that are read here have 2 dots in a line, and 3 brackets
        constexpr int kMostBrackets = 16;
        return dots > kMostDots || brackets > kMostBrackets;
    }
};

/// Refuses a text whose tables go too deep into each other: toml++ frees each within the one around it, so that some
/// ten thousand would use up the stack.
Result<void> requireShallow(std::string_view text, const std::string& origin)
{
    Nesting nesting;
    for (std::size_t at = 0; at < text.size();) {
        if (text[at] == '"' || text[at] == '\'') {
            at = behindText(text, at);
        } else if (text[at] == '#') {
            at = std::min(text.find('\n', at), text.size());
        } else {
            nesting.read(text[at++]);
        }
        if (nesting.tooDeep()) {
            const auto line = 1 + std::ranges::count(text.substr(0, at), '\n');
            return makeError(StationCode::ConfigurationInvalid,
                             origin + ":" + std::to_string(line) +
                                 ": tables or lists go too deep into each other: write at most 64 dots in a line and "
                                 "16 brackets within each other");
        }
    }
    return {};
}

/// Source: limits.h; path_resolution(7).
bool systemTakes(const std::filesystem::path& path)
{
    return path.native().size() < PATH_MAX && std::ranges::all_of(path, [](const std::filesystem::path& name) {
               return name.native().size() <= NAME_MAX;
           });
}

} // namespace

Fields::Fields(const toml::table& table, std::string section, const std::string& origin)
    : m_table(&table), m_section(std::move(section)), m_origin(origin)
{}

bool Fields::has(std::string_view key) const
{
    return m_table->contains(key);
}

std::string Fields::fullName(std::string_view key) const
{
    return m_section.empty() ? std::string{key} : m_section + "." + std::string{key};
}

std::string Fields::place(std::string_view key) const
{
    const auto* node = m_table->get(key);
    const auto line = node != nullptr ? node->source().begin.line : m_table->source().begin.line;
    return m_origin + ":" + std::to_string(line);
}

Error Fields::errorAt(std::string_view key, const std::string& what) const
{
    return makeError(StationCode::ConfigurationInvalid, place(key) + ": " + shownText(fullName(key)) + " " + what);
}

Error Fields::badChoice(std::string_view key, const std::string& word, std::span<const std::string_view> words) const
{
    const auto near = nearestName(word, words);
    return errorAt(key, "is " + quotedText(word) + "; allowed are " + joinedInQuotes(words) +
                            (near.empty() ? "" : ". Did you mean \"" + std::string{near} + "\"?"));
}

Result<void> Fields::allowOnly(std::initializer_list<std::string_view> known,
                               std::initializer_list<std::string_view> later) const
{
    return allowOnly(std::span{known.begin(), known.size()}, later);
}

Result<void> Fields::allowOnly(std::span<const std::string_view> known,
                               std::initializer_list<std::string_view> later) const
{
    for (const auto& [key, node] : *m_table) {
        const std::string_view name = key.str();
        if (std::ranges::find(later, name) != later.end()) {
            return errorAt(name, std::string{kNotSupported});
        }
        if (std::ranges::find(known, name) == known.end()) {
            const auto near = nearestName(name, known);
            return errorAt(name, near.empty() ? "is not a known key"
                                              : "is not a known key. Did you mean \"" + fullName(near) + "\"?");
        }
    }
    return {};
}

Result<void> Fields::requirePrintable(std::string_view key, const std::string& text) const
{
    return printableText(text) == text ? Result<void>{}
                                       : errorAt(key, "is " + quotedText(text) +
                                                          ", with a line end, a control character or one that turns "
                                                          "the writing direction: write it without");
}

Result<void> Fields::read(std::string_view key, std::string& target, std::string_view instead) const
{
    std::string text;
    TRY(readWord(key, text));
    if (!has(key)) {
        return {};
    }
    if (isBlank(text)) {
        return errorAt(key, (text.empty() ? "is empty: " : "is white space alone: ") + std::string{instead});
    }
    target = std::move(text);
    return {};
}

Result<void> Fields::readWord(std::string_view key, std::string& target) const
{
    if (const auto* node = m_table->get(key)) {
        const auto* text = node->as_string();
        if (text == nullptr) {
            return errorAt(key, "must be a text in quotes");
        }
        TRY(requirePrintable(key, text->get()));
        target = text->get();
    }
    return {};
}

Result<void> Fields::read(std::string_view key, bool& target) const
{
    if (const auto* node = m_table->get(key)) {
        const auto* flag = node->as_boolean();
        if (flag == nullptr) {
            return errorAt(key, "must be true or false");
        }
        target = flag->get();
    }
    return {};
}

Result<void> Fields::read(std::string_view key, int& target, int least, int most) const
{
    if (const auto* node = m_table->get(key)) {
        const auto* number = node->as_integer();
        if (number == nullptr || number->get() < least || number->get() > most) {
            return errorAt(key, least == most ? "must be " + std::to_string(least)
                                              : "must be a whole number from " + std::to_string(least) + " to " +
                                                    std::to_string(most));
        }
        target = static_cast<int>(number->get());
    }
    return {};
}

Result<void> Fields::read(std::string_view key, double& target, double least, double most) const
{
    if (const auto* node = m_table->get(key)) {
        const auto number = node->value<double>();
        if (!number || !(*number >= least && *number <= most)) { // so that "nan" is refused too
            std::ostringstream range;
            range << "must be a number from " << least << " to " << most;
            return errorAt(key, range.str());
        }
        target = *number;
    }
    return {};
}

Result<void> Fields::read(std::string_view key, std::vector<std::string>& target) const
{
    const auto* node = m_table->get(key);
    if (node == nullptr) {
        return {};
    }
    const auto* list = node->as_array();
    std::vector<std::string> words;
    for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
        if (const auto word = (*list)[i].value<std::string>()) {
            words.push_back(*word);
        }
    }
    if (list == nullptr || words.size() != list->size()) {
        return errorAt(key, "must be a list of texts");
    }
    for (const auto& word : words) {
        TRY(requirePrintable(key, word));
        if (isBlank(word)) {
            return errorAt(key, "holds an empty text: write what is meant in its place, or take it away");
        }
    }
    target = std::move(words);
    return {};
}

Result<void> Fields::readPath(std::string_view key, const std::filesystem::path& base, std::filesystem::path& target,
                              std::string_view instead) const
{
    std::string text;
    TRY(read(key, text, instead));
    if (text.empty()) {
        return {};
    }
    auto path = (base / text).lexically_normal();
    if (!systemTakes(path)) {
        return errorAt(key, "is " + quotedText(text) + ", which is longer than a path can be: it has at most " +
                                std::to_string(PATH_MAX - 1) + " bytes, and each name in it " +
                                std::to_string(NAME_MAX));
    }
    target = std::move(path);
    return {};
}

Result<Fields> Fields::table(std::string_view key) const
{
    const auto* node = m_table->get(key);
    if (node != nullptr && node->as_table() == nullptr) {
        return errorAt(key, "must be a table");
    }
    return Fields{node != nullptr ? *node->as_table() : emptyTable(), fullName(key), m_origin};
}

Fields Fields::within(const toml::table& table, std::string_view key) const
{
    return {table, fullName(key), m_origin};
}

Result<std::vector<Fields>> Fields::tables(std::string_view key) const
{
    std::vector<Fields> all;
    const auto* node = m_table->get(key);
    if (node == nullptr) {
        return all;
    }
    const auto* list = node->as_array();
    if (list == nullptr || !list->is_array_of_tables()) {
        return errorAt(key, "must be a list of tables: [[" + fullName(key) + "]]");
    }
    for (const auto& entry : *list) {
        all.emplace_back(*entry.as_table(), fullName(key), m_origin);
    }
    return all;
}

Result<toml::table> parseToml(std::string_view text, const std::string& origin)
{
    TRY(requireShallow(text, origin));
    auto parsed = toml::parse(text, origin);
    if (!parsed) {
        const auto& error = parsed.error();
        const auto at = error.source().begin;
        return makeError(StationCode::ConfigurationInvalid, origin + ":" + std::to_string(at.line) + ":" +
                                                                std::to_string(at.column) + ": " +
                                                                shownText(error.description(), kMostOfAFault));
    }
    return std::move(parsed).table();
}

Result<std::string> readTextFile(const std::string& path)
{
    TRY_ASSIGN(auto text, recoded(system::readWholeText(path, kMostFileBytes), StationCode::ConfigurationInvalid));
    if (text.empty()) {
        return makeError(StationCode::ConfigurationInvalid, path + " is empty");
    }
    return text;
}

Result<void> requireSchemaOne(const Fields& top)
{
    if (!top.has("schema")) {
        return top.errorAt("schema", "is missing: this version reads schema = 1");
    }
    int schema = 0;
    return top.read("schema", schema, 1, 1);
}

} // namespace enroll::config
