#pragma once

#include "core/base/result.h"

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

/// Shared by the readers of this folder; not included elsewhere, so that toml++ stays inside.
namespace enroll::config {

/// One word of a setting and what it means.
template <class T>
struct Choice {
    std::string_view word;
    T meaning;
};

/// Reads one table strictly: wrong types, values out of range and unknown keys are S-330 errors that name file, line
/// and key. A key that is absent leaves its target as it was.
class Fields {
public:
    /// \p section is "" for the top level; \p origin names the file in errors.
    Fields(const toml::table& table, std::string section, const std::string& origin);

    /// Error for a key outside \p known (with the nearest known one), or one in \p later (known, not in this version).
    Result<void> allowOnly(std::initializer_list<std::string_view> known,
                           std::initializer_list<std::string_view> later = {}) const;

    Result<void> read(std::string_view key, std::string& target) const;
    Result<void> read(std::string_view key, bool& target) const;
    Result<void> read(std::string_view key, int& target, int least, int most) const;
    Result<void> read(std::string_view key, double& target, double least, double most) const;
    Result<void> read(std::string_view key, std::vector<std::string>& target) const;

    template <class T>
    Result<void> readChoice(std::string_view key, T& target, std::span<const Choice<T>> choices) const
    {
        std::string word;
        TRY(read(key, word));
        std::vector<std::string_view> words;
        for (const auto& choice : choices) {
            if (choice.word == word) {
                target = choice.meaning;
                return {};
            }
            words.push_back(choice.word);
        }
        return has(key) ? Result<void>{badChoice(key, word, words)} : Result<void>{};
    }

    /// The sub-table, or an empty one where there is none. Error if the key holds something else.
    Result<Fields> table(std::string_view key) const;
    /// The tables of an array of tables; empty where there is none.
    Result<std::vector<Fields>> tables(std::string_view key) const;

    [[nodiscard]] bool has(std::string_view key) const;
    /// "file:line" of a key.
    [[nodiscard]] std::string place(std::string_view key) const;
    /// An S-330 error at a key.
    [[nodiscard]] Error errorAt(std::string_view key, const std::string& what) const;

private:
    [[nodiscard]] std::string fullName(std::string_view key) const;
    [[nodiscard]] Error badChoice(std::string_view key, const std::string& word,
                                  std::span<const std::string_view> words) const;

    const toml::table* m_table;
    std::string m_section;
    std::string m_origin;
};

/// The document of a text. Error S-330 with line and column for what is no TOML.
Result<toml::table> parseToml(std::string_view text, const std::string& origin);

/// A whole file of at most 1 MiB. Error S-330.
Result<std::string> readTextFile(const std::string& path);

/// The member of \p names with the fewest edits to \p word, if it is near enough to be what was meant.
std::string_view nearestName(std::string_view word, std::span<const std::string_view> names);

/// Error unless the top level says `schema = 1`.
Result<void> requireSchemaOne(const Fields& top);

} // namespace enroll::config
