#pragma once

#include "core/base/result.h"

#include <chrono>
#include <string>

namespace enroll {

/// A moment in UTC with millisecond resolution, as records carry it.
using UtcTime = std::chrono::sys_time<std::chrono::milliseconds>;

UtcTime utcNow() noexcept;

/// "2026-11-23T20:14:03.120Z"
std::string toIso8601(UtcTime time);
/// Accepts exactly the form above, and the same without or with up to seven decimals. Error S-332.
Result<UtcTime> fromIso8601(std::string_view text);

/// A point on the monotonic clock until which somebody is willing to wait.
class Deadline {
public:
    using Clock = std::chrono::steady_clock;

    static Deadline in(std::chrono::milliseconds span) noexcept { return Deadline{Clock::now() + span}; }

    [[nodiscard]] bool passed() const noexcept { return Clock::now() >= m_end; }
    /// Never negative, and rounded up, so that a poll() given this value does not spin.
    [[nodiscard]] std::chrono::milliseconds left() const noexcept;

private:
    explicit Deadline(Clock::time_point end) noexcept : m_end(end) {}
    Clock::time_point m_end;
};

} // namespace enroll
