#include "core/base/text.h"

#include "core/base/written_text.h"

#include <array>
#include <optional>
#include <utility>

namespace enroll {
namespace {

constexpr unsigned char byteOf(char c) noexcept
{
    return static_cast<unsigned char>(c);
}

constexpr bool continuesCharacter(char c) noexcept
{
    return (byteOf(c) & 0xC0U) == 0x80;
}

/// How one length of UTF-8 begins, and the code points that must be written in it.
struct Utf8Form {
    std::size_t bytes;
    unsigned leadMask;
    unsigned lead;
    char32_t least;
    char32_t most;
};
constexpr std::array kUtf8Forms{Utf8Form{1, 0x80, 0x00, 0, 0x7F}, Utf8Form{2, 0xE0, 0xC0, 0x80, 0x7FF},
                                Utf8Form{3, 0xF0, 0xE0, 0x800, 0xFFFF}, Utf8Form{4, 0xF8, 0xF0, 0x10000, 0x10FFFF}};

constexpr bool isSurrogate(char32_t character) noexcept
{
    return character >= 0xD800 && character <= 0xDFFF;
}

/// The code point that \p utf8 begins with, and the form it is written in; absent if the first byte begins none.
/// Source: RFC 3629, "UTF-8 definition".
std::optional<std::pair<char32_t, std::size_t>> firstCharacter(std::string_view utf8) noexcept
{
    const auto form = std::ranges::find_if(
        kUtf8Forms, [&](const Utf8Form& any) { return (byteOf(utf8.front()) & any.leadMask) == any.lead; });
    if (form == kUtf8Forms.end() || form->bytes > utf8.size()) {
        return std::nullopt;
    }
    char32_t character = byteOf(utf8.front()) & ~form->leadMask;
    for (const char c : utf8.substr(1, form->bytes - 1)) {
        if (!continuesCharacter(c)) {
            return std::nullopt;
        }
        character = (character << 6U) | (byteOf(c) & 0x3FU);
    }
    const bool written = character >= form->least && character <= form->most && !isSurrogate(character);
    return written ? std::optional{std::pair{character, form->bytes}} : std::nullopt;
}

struct Range {
    char32_t first;
    char32_t last;
};
/// What moves the cursor, ends a line, or changes the order in which a reader sees what stands behind it.
/// Source: Unicode Standard Annex 9, "Directional Formatting Characters".
constexpr std::array kNotShown{Range{0x00, 0x1F},     Range{0x7F, 0x9F},     Range{0x61C, 0x61C},
                               Range{0x200E, 0x200F}, Range{0x2028, 0x202E}, Range{0x2066, 0x2069}};

bool isShown(char32_t character) noexcept
{
    return std::ranges::none_of(
        kNotShown, [&](const Range& range) { return character >= range.first && character <= range.last; });
}

} // namespace

std::string asciiLowered(std::string_view text)
{
    std::string lowered{text};
    std::ranges::transform(lowered, lowered.begin(), asciiLower);
    return lowered;
}

std::string asciiCaseExchanged(std::string_view text)
{
    std::string exchanged{text};
    std::ranges::transform(exchanged, exchanged.begin(), [](char c) {
        const auto lower = asciiLower(c);
        return lower != c ? lower : c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    return exchanged;
}

std::string_view trimmed(std::string_view text) noexcept
{
    constexpr auto kSpace = " \t\r\n";
    const auto first = text.find_first_not_of(kSpace);
    return first == std::string_view::npos ? std::string_view{}
                                           : text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

std::string printableText(std::string_view utf8)
{
    std::string text;
    text.reserve(utf8.size());
    while (!utf8.empty()) {
        const auto character = firstCharacter(utf8);
        const auto bytes = character ? character->second : 1;
        text += character && isShown(character->first) ? utf8.substr(0, bytes) : kReplacementCharacter;
        utf8.remove_prefix(bytes);
    }
    return text;
}

std::string printableLines(std::string_view utf8)
{
    std::string text;
    for (auto end = utf8.find('\n'); end != std::string_view::npos; end = utf8.find('\n')) {
        text += printableText(utf8.substr(0, end)) + '\n';
        utf8.remove_prefix(end + 1);
    }
    return text + printableText(utf8);
}

std::string pathFault(std::string_view text)
{
    return printableText(text) == text
               ? std::string{}
               : "holds a control character, or bytes that are no UTF-8, which a path must not: " + quotedText(text);
}

std::string_view firstCharacters(std::string_view utf8, std::size_t most) noexcept
{
    std::size_t characters = 0;
    for (std::size_t i = 0; i < utf8.size(); ++i) {
        if (!continuesCharacter(utf8[i]) && ++characters > most) {
            return utf8.substr(0, i);
        }
    }
    return utf8;
}

} // namespace enroll
