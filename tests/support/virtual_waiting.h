#pragma once

#include "core/delivery/waiting.h"

#include <functional>
#include <vector>

namespace enroll::test {

/// A clock that moves only when somebody waits on it, and remembers each wait.
class VirtualWaiting final : public delivery::Waiting {
public:
    Clock::time_point now() override { return m_now; }

    void waitFor(std::chrono::milliseconds span, const std::stop_token& /*stop*/) override
    {
        m_waits.push_back(span);
        m_now += span;
        if (m_onWait) {
            m_onWait();
        }
    }

    [[nodiscard]] const std::vector<std::chrono::milliseconds>& waits() const { return m_waits; }
    /// Called inside each wait, for what happens meanwhile.
    void onWait(std::function<void()> action) { m_onWait = std::move(action); }

private:
    Clock::time_point m_now{std::chrono::hours{1}};
    std::vector<std::chrono::milliseconds> m_waits;
    std::function<void()> m_onWait;
};

} // namespace enroll::test
