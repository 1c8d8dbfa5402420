#pragma once

#include "core/base/error_code.h"

#include <concepts>
#include <span>
#include <string>
#include <utility>
#include <variant>

namespace enroll {

/// One word of a stored document: a value that this program knows, or the text of an unknown word.
///
/// A newer program may have written a word that this one does not know. Its text is kept, so that the document can be
/// shown and stored again unchanged. Code that decides something asks for known() and does not decide on unknown words.
/// A value converts to a Word implicitly.
template <class T>
class Word {
public:
    template <std::convertible_to<T> Value>
    requires(!std::same_as<std::remove_cvref_t<Value>, Word>)
        Word(Value&& value) // NOLINT(google-explicit-constructor,bugprone-forwarding-reference-overload)
        : m_value(std::in_place_index<0>, std::forward<Value>(value))
    {}
    /// A word that this program does not know.
    static Word unknown(std::string text) { return Word{Unknown{std::move(text)}}; }

    /// Null for an unknown word.
    [[nodiscard]] const T* known() const noexcept { return std::get_if<0>(&m_value); }
    [[nodiscard]] const T& knownOr(const T& otherwise) const noexcept { return known() ? *known() : otherwise; }
    /// The text of an unknown word; null for a known one.
    [[nodiscard]] const std::string* unknownText() const noexcept
    {
        const auto* unknown = std::get_if<1>(&m_value);
        return unknown ? &unknown->text : nullptr;
    }

    friend bool operator==(const Word&, const Word&) = default;

private:
    struct Unknown {
        std::string text;
        bool operator==(const Unknown&) const = default;
    };
    explicit Word(Unknown unknown) : m_value(std::in_place_index<1>, std::move(unknown)) {}

    std::variant<T, Unknown> m_value;
};

/// The text of a word as in the document; \p textOf gives the text of a known value. Valid as long as \p word.
template <class T, class TextOf>
std::string_view wordText(const Word<T>& word, TextOf textOf) noexcept
{
    return word.known() ? std::string_view{textOf(*word.known())} : std::string_view{*word.unknownText()};
}

/// "pass", … as in the document.
inline std::string_view outcomeText(const Word<Outcome>& word) noexcept
{
    return wordText(word, [](Outcome outcome) { return outcomeText(outcome); });
}

/// "D-118"; of an unknown code, its text in the document.
inline std::string_view codeText(const Word<ErrorCode>& word) noexcept
{
    return wordText(word, [](ErrorCode code) { return describe(code).text; });
}

/// The value of \p word if it is present and known.
template <class T>
std::optional<T> knownIn(const std::optional<Word<T>>& word)
{
    return word && word->known() ? std::optional{*word->known()} : std::nullopt;
}

/// The word whose text is \p text: one of \p words, or an unknown one.
template <class T, class TextOf>
Word<T> wordFromText(std::string_view text, std::span<const T> words, TextOf textOf)
{
    for (const auto& word : words) {
        if (textOf(word) == text) {
            return word;
        }
    }
    return Word<T>::unknown(std::string{text});
}

inline constexpr std::array kAllOutcomes{Outcome::Pass, Outcome::Fail, Outcome::Hold, Outcome::StationFault,
                                         Outcome::Aborted};

inline Word<Outcome> outcomeFromText(std::string_view text)
{
    return wordFromText(text, std::span<const Outcome>{kAllOutcomes},
                        [](Outcome outcome) { return outcomeText(outcome); });
}

inline Word<ErrorCode> codeFromText(std::string_view text)
{
    const auto code = errorCodeFromText(text);
    return code ? Word<ErrorCode>{*code} : Word<ErrorCode>::unknown(std::string{text});
}

} // namespace enroll
