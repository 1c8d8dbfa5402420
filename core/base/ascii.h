#pragma once

#include <algorithm>
#include <string>
#include <string_view>

/// Letter case of ASCII alone, whatever the locale: names of protocols and files compare alike on every machine.
namespace enroll {

constexpr char asciiLower(char c) noexcept
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// \p text with asciiLower() of every character.
inline std::string asciiLowered(std::string_view text)
{
    std::string lowered{text};
    std::ranges::transform(lowered, lowered.begin(), asciiLower);
    return lowered;
}

/// True if the two differ in the case of ASCII letters at most.
inline bool equalWithoutCase(std::string_view left, std::string_view right) noexcept
{
    return std::ranges::equal(left, right, {}, asciiLower, asciiLower);
}

} // namespace enroll
