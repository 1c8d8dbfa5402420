#include "core/base/clock.h"

#include "core/base/station_code.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>
#include <string_view>

namespace enroll {
namespace {

Error badTime(std::string_view text)
{
    return makeError(StationCode::TimeMalformed,
                     "'" + std::string{text} + "' is not a UTC time like 2026-11-23T20:14:03.120Z");
}

bool allDigits(std::string_view text) noexcept
{
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

int number(std::string_view text) noexcept
{
    int value = 0;
    for (const char c : text) {
        value = value * 10 + (c - '0');
    }
    return value;
}

/// The milliseconds of a fraction such as ".1234567"; digits beyond the third are cut off and not rounded.
Result<int> milliseconds(std::string_view fraction, std::string_view whole)
{
    if (fraction.empty()) {
        return 0;
    }
    const auto digits = fraction.substr(1);
    if (fraction.front() != '.' || digits.size() > 7 || !allDigits(digits)) {
        return badTime(whole);
    }
    auto padded = std::string{digits} + "000";
    return number(std::string_view{padded}.substr(0, 3));
}

} // namespace

/// The standard library has no such clock. Source: clock_getres(2), CLOCK_BOOTTIME: as CLOCK_MONOTONIC, with the time that
/// the system is suspended
std::chrono::steady_clock::time_point steadyNowWithSleep() noexcept
{
    timespec now{};
    if (::clock_gettime(CLOCK_BOOTTIME, &now) != 0) {
        return std::chrono::steady_clock::now();
    }
    return std::chrono::steady_clock::time_point{std::chrono::seconds{now.tv_sec} +
                                                 std::chrono::nanoseconds{now.tv_nsec}};
}

UtcTime utcNow() noexcept
{
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

std::string toIso8601(UtcTime time)
{
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss clock{time - day};
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                  static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                  static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
    return text.data();
}

Result<UtcTime> fromIso8601(std::string_view text)
{
    constexpr std::size_t kSecondsEnd = 19;
    if (text.size() < kSecondsEnd + 1 || text.back() != 'Z' || text[4] != '-' || text[7] != '-' || text[10] != 'T' ||
        text[13] != ':' || text[16] != ':') {
        return badTime(text);
    }
    const std::array parts{text.substr(0, 4),  text.substr(5, 2),  text.substr(8, 2),
                           text.substr(11, 2), text.substr(14, 2), text.substr(17, 2)};
    if (!std::ranges::all_of(parts, allDigits)) {
        return badTime(text);
    }
    const std::chrono::year_month_day date{std::chrono::year{number(parts[0])},
                                           std::chrono::month{static_cast<unsigned>(number(parts[1]))},
                                           std::chrono::day{static_cast<unsigned>(number(parts[2]))}};
    if (!date.ok() || number(parts[3]) > 23 || number(parts[4]) > 59 || number(parts[5]) > 59) {
        return badTime(text);
    }
    TRY_ASSIGN(const int ms, milliseconds(text.substr(kSecondsEnd, text.size() - kSecondsEnd - 1), text));
    return UtcTime{std::chrono::sys_days{date} + std::chrono::hours{number(parts[3])} +
                   std::chrono::minutes{number(parts[4])} + std::chrono::seconds{number(parts[5])} +
                   std::chrono::milliseconds{ms}};
}

std::chrono::milliseconds Deadline::left() const noexcept
{
    return std::max(std::chrono::ceil<std::chrono::milliseconds>(m_end - Clock::now()), std::chrono::milliseconds{0});
}

} // namespace enroll
