#include "core/enrollment/cloud_names.h"

#include <algorithm>

namespace enroll::enrollment {
namespace {

bool isLetterOrDigit(char c) noexcept
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

} // namespace

bool isDeviceId(std::string_view text) noexcept
{
    return !text.empty() && text.size() <= kLongestDeviceId && std::ranges::all_of(text, [](char c) {
        return isLetterOrDigit(c) || kDeviceIdSigns.find(c) != std::string_view::npos;
    });
}

} // namespace enroll::enrollment
