#include "core/delivery/rate_limiter.h"

#include <algorithm>

namespace enroll::delivery {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

// How many may go at once. With this burst b and the interval 60 s / (n - b + 1), no minute ever holds more than n.
int burstOf(int perMinute) noexcept
{
    return std::max(1, perMinute / 6);
}

} // namespace

RateLimiter::RateLimiter(int perMinute) noexcept
{
    const int n = std::max(1, perMinute);
    m_interval = nanoseconds{std::chrono::minutes{1}} / (n - burstOf(n) + 1);
    m_tolerance = m_interval * (burstOf(n) - 1);
}

milliseconds RateLimiter::book(Time now) noexcept
{
    const auto due = std::max(m_due, now);
    m_due = due + m_interval;
    return std::max(milliseconds{0}, std::chrono::ceil<milliseconds>(due - m_tolerance - now));
}

} // namespace enroll::delivery
