#include "core/base/text.h"

namespace enroll {
namespace {

constexpr unsigned char byteOf(char c) noexcept
{
    return static_cast<unsigned char>(c);
}

constexpr bool isAsciiControl(char c) noexcept
{
    return byteOf(c) < 0x20 || byteOf(c) == 0x7F;
}

/// U+0080 to U+009F: C2, then 80 to 9F.
constexpr bool beginsWithC1(std::string_view utf8) noexcept
{
    return utf8.size() >= 2 && byteOf(utf8[0]) == 0xC2 && byteOf(utf8[1]) >= 0x80 && byteOf(utf8[1]) < 0xA0;
}

constexpr bool continuesCharacter(char c) noexcept
{
    return (byteOf(c) & 0xC0U) == 0x80;
}

} // namespace

std::string asciiLowered(std::string_view text)
{
    std::string lowered{text};
    std::ranges::transform(lowered, lowered.begin(), asciiLower);
    return lowered;
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
        const bool c1 = beginsWithC1(utf8);
        text += c1 || isAsciiControl(utf8.front()) ? '?' : utf8.front();
        utf8.remove_prefix(c1 ? 2 : 1);
    }
    return text;
}

std::string pathFault(std::string_view text)
{
    return std::ranges::any_of(text, isAsciiControl)
               ? "holds a control character, which a path must not: \"" + printableText(text) + "\""
               : std::string{};
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
