#include "core/base/written_text.h"

#include "core/base/text.h"

#include <algorithm>
#include <array>

namespace enroll {
namespace {

constexpr std::array<std::string_view, 28> kWhiteSpace{
    " ",      "\t",     "\n",     "\v",     "\f",     "\r",     "\u0085", "\u00A0", "\u1680", "\u2000",
    "\u2001", "\u2002", "\u2003", "\u2004", "\u2005", "\u2006", "\u2007", "\u2008", "\u2009", "\u200A",
    "\u200B", "\u2028", "\u2029", "\u202F", "\u205F", "\u2060", "\u3000", "\uFEFF"};

} // namespace

std::string shownText(std::string_view utf8, std::size_t most)
{
    constexpr std::size_t kMostBytesOfOne = 4;
    const auto shown = printableText(utf8.substr(0, (most + 1) * kMostBytesOfOne)); // of all of it, one more at least
    const auto first = firstCharacters(shown, most);
    return std::string{first} + (first.size() < shown.size() ? "…" : "");
}

std::string quotedText(std::string_view utf8)
{
    return '"' + shownText(utf8) + '"';
}

bool isBlank(std::string_view utf8) noexcept
{
    while (!utf8.empty()) {
        const auto* const space =
            std::ranges::find_if(kWhiteSpace, [&](std::string_view character) { return utf8.starts_with(character); });
        if (space == kWhiteSpace.end()) {
            return false;
        }
        utf8.remove_prefix(space->size());
    }
    return true;
}

} // namespace enroll
