#include "core/base/host_text.h"

#include "core/base/text.h"

#include <algorithm>

namespace enroll {
namespace {

constexpr std::size_t kLongestLabel = 63;

bool isLabel(std::string_view text, std::string_view alsoIn) noexcept
{
    return !text.empty() && text.size() <= kLongestLabel && text.front() != '-' && text.back() != '-' &&
           std::ranges::all_of(text, [alsoIn](char c) {
               const char small = asciiLower(c);
               return (small >= 'a' && small <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
                      alsoIn.find(c) != std::string_view::npos;
           });
}

} // namespace

bool isHostName(std::string_view text, std::string_view alsoIn) noexcept
{
    if (text.size() > kLongestHostName) {
        return false;
    }
    for (auto dot = text.find('.'); dot != std::string_view::npos; dot = text.find('.')) {
        if (!isLabel(text.substr(0, dot), alsoIn)) {
            return false;
        }
        text.remove_prefix(dot + 1);
    }
    return isLabel(text, alsoIn);
}

std::string bracketedHost(const std::string& host)
{
    const bool version6 = host.find(':') != std::string::npos;
    return version6 ? "[" + host + "]" : host;
}

std::string hostAndPort(const std::string& host, std::uint16_t port)
{
    return bracketedHost(host) + ":" + std::to_string(port);
}

} // namespace enroll
