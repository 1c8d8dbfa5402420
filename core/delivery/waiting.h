#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>

namespace enroll::delivery {

/// Time as the uploader meets it: now, and waiting. A port, so that tests own the clock.
class Waiting {
public:
    using Clock = std::chrono::steady_clock;

    virtual ~Waiting() = default;
    virtual Clock::time_point now() = 0;
    /// Returns after \p span, or at once when a stop is asked from any thread.
    virtual void waitFor(std::chrono::milliseconds span, const std::stop_token& stop) = 0;

protected:
    Waiting() = default;
    Waiting(const Waiting&) = default;
    Waiting& operator=(const Waiting&) = default;
};

/// The monotonic clock, and a condition variable that a stop wakes.
class RealWaiting final : public Waiting {
public:
    Clock::time_point now() override { return Clock::now(); }
    void waitFor(std::chrono::milliseconds span, const std::stop_token& stop) override;

private:
    std::mutex m_mutex;
    std::condition_variable_any m_woken;
};

} // namespace enroll::delivery
