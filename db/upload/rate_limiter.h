#pragma once

#include <chrono>

namespace enroll::db::upload {

/// Keeps the calls within the service's operations per minute: a token bucket that starts full with a sixth of a
/// minute's worth, so that short uploads run at full speed and long ones settle at the rate. Pure arithmetic on the
/// times it is given; one thread.
class RateLimiter {
public:
    using Time = std::chrono::steady_clock::time_point;

    /// \p perMinute at least 1.
    explicit RateLimiter(int perMinute) noexcept;

    /// Books one operation and returns how long to wait before making it. Times never go back.
    std::chrono::milliseconds book(Time now) noexcept;

private:
    std::chrono::nanoseconds m_interval;
    std::chrono::nanoseconds m_burst;
    Time m_free{}; ///< when the bucket is empty again of everything booked
};

} // namespace enroll::db::upload
