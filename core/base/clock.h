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
/// Accepts the form above with none to seven decimals of a second (.NET services write seven). Error S-336.
Result<UtcTime> fromIso8601(std::string_view text);

/// The monotonic clock, by which also passes the time in which the machine sleeps: what a person let pass.
std::chrono::steady_clock::time_point steadyNowWithSleep() noexcept;

/// The end of a wait, on the monotonic clock: a change of the system time does not move it.
class Deadline {
public:
    using Clock = std::chrono::steady_clock;

    static Deadline in(std::chrono::milliseconds span) noexcept { return Deadline{Clock::now() + span}; }

    [[nodiscard]] bool passed() const noexcept { return Clock::now() >= m_end; }
    /// Time left, never negative. Rounded up: rounded down, the last millisecond would be a loop of poll() with zero.
    [[nodiscard]] std::chrono::milliseconds left() const noexcept;

private:
    explicit Deadline(Clock::time_point end) noexcept : m_end(end) {}
    Clock::time_point m_end;
};

} // namespace enroll
