#include "core/enrollment/cloud_names.h"

#include <algorithm>

namespace enroll::enrollment {
namespace {

constexpr std::size_t kLongestHostName = 253;
constexpr std::size_t kLongestLabel = 63;

bool isLetterOrDigit(char c) noexcept
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool isLabel(std::string_view text) noexcept
{
    return !text.empty() && text.size() <= kLongestLabel && text.front() != '-' && text.back() != '-' &&
           std::ranges::all_of(text, [](char c) { return isLetterOrDigit(c) || c == '-'; });
}

} // namespace

bool isDeviceId(std::string_view text) noexcept
{
    return !text.empty() && text.size() <= kLongestDeviceId && std::ranges::all_of(text, [](char c) {
        return isLetterOrDigit(c) || kDeviceIdSigns.find(c) != std::string_view::npos;
    });
}

bool isHostName(std::string_view text) noexcept
{
    if (text.size() > kLongestHostName) {
        return false;
    }
    auto dot = text.find('.');
    while (dot != std::string_view::npos) {
        if (!isLabel(text.substr(0, dot))) {
            return false;
        }
        text.remove_prefix(dot + 1);
        dot = text.find('.');
    }
    return isLabel(text);
}

} // namespace enroll::enrollment
