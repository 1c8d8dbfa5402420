#pragma once

#include <chrono>

namespace enroll::delivery {

/// Keeps the calls within the service's operations per minute: never more than that in any minute. A sixth of them may
/// go at once, so that short uploads run at full speed; the rest is spread evenly.
///
/// The generic cell rate algorithm: pure arithmetic on the times it is given. One thread.
class RateLimiter {
public:
    using Time = std::chrono::steady_clock::time_point;

    /// \p perMinute at least 1.
    explicit RateLimiter(int perMinute) noexcept;

    /// Books one operation and returns how long to wait before making it. Times never go back.
    std::chrono::milliseconds book(Time now) noexcept;

private:
    std::chrono::nanoseconds m_interval;
    std::chrono::nanoseconds m_tolerance;
    Time m_due{}; ///< when the next operation would be made if all were spread evenly
};

} // namespace enroll::delivery
