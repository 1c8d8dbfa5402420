#include "db/dps/service_text.h"

#include "core/base/text.h"

namespace enroll::db::dps {
namespace {

constexpr std::string_view kGoesOn = "…";

bool continuesCharacter(char c) noexcept
{
    return (static_cast<unsigned char>(c) & 0xC0U) == 0x80;
}

} // namespace

std::string serviceText(std::string_view utf8)
{
    constexpr std::size_t kLongestCharacter = 4;
    // No character gets shorter by what printableText() does, so that nothing behind these bytes is ever shown.
    auto text = printableText(utf8.substr(0, kMostServiceText + kLongestCharacter));
    if (text.size() > kMostServiceText) {
        auto end = kMostServiceText - kGoesOn.size();
        while (continuesCharacter(text[end])) {
            --end;
        }
        text.replace(end, std::string::npos, kGoesOn);
    }
    return text;
}

} // namespace enroll::db::dps
