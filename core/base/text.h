#pragma once

#include <algorithm>
#include <string>
#include <string_view>

/// Text functions that do not depend on the locale: only ASCII letters have a case, so that names of protocols and
/// files compare alike on every machine. Text that is shown is UTF-8. For hexadecimal digits see bytes.h.
namespace enroll {

constexpr char asciiLower(char c) noexcept
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// \p text with asciiLower() of every character.
std::string asciiLowered(std::string_view text);

/// \p text with each ASCII letter in its other case.
std::string asciiCaseExchanged(std::string_view text);

/// True if the two differ in the case of ASCII letters at most.
inline bool equalWithoutCase(std::string_view left, std::string_view right) noexcept
{
    return std::ranges::equal(left, right, {}, asciiLower, asciiLower);
}

/// \p text without the spaces, tabs and line ends around it.
std::string_view trimmed(std::string_view text) noexcept;

/// \p words one after another with \p between between any two: "a, b". Words are strings or string views.
template <class Words>
std::string joined(const Words& words, std::string_view between = ", ")
{
    std::string text;
    for (bool first = true; const auto& word : words) {
        if (!first) {
            text += between;
        }
        text += word;
        first = false;
    }
    return text;
}

/// As joined(), each word in quotation marks: `"a", "b"`. For lists of what may be written in a file.
template <class Words>
std::string joinedInQuotes(const Words& words)
{
    const auto inside = joined(words, "\", \"");
    return std::ranges::empty(words) ? inside : '"' + inside + '"';
}

/// U+FFFD, which stands where a character cannot be shown.
inline constexpr std::string_view kReplacementCharacter = "\xEF\xBF\xBD";

/// \p utf8 with kReplacementCharacter for each control character (C0, DEL, C1), for what ends a line or turns the
/// writing direction, and for each byte that is not UTF-8. Whatever a person reads goes through it, at the latest where it is
/// printed: text of a device, a file or a command line must not control a terminal or pass for other text.
std::string printableText(std::string_view utf8);
/// The same for each line of a text of several lines.
std::string printableLines(std::string_view utf8);

/// Why \p text is refused as a path: "holds a control character…"; empty if it is not. A NUL would cut the path where
/// the system reads it; whatever else printableText() replaces would not be seen in a message.
std::string pathFault(std::string_view text);

/// The first \p most code points of \p utf8. None is cut in the middle of its bytes.
std::string_view firstCharacters(std::string_view utf8, std::size_t most) noexcept;

} // namespace enroll
