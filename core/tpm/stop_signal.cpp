#include "core/tpm/stop_signal.h"

namespace enroll::tpm {

StopSignal::StopSignal(std::stop_token token, std::function<void()> wake)
    : m_wake(std::move(wake)), m_callback(std::move(token), [this] { raise(); })
{}

bool StopSignal::asked() const
{
    const std::scoped_lock lock{m_mutex};
    return m_asked;
}

bool StopSignal::askedWithin(std::chrono::milliseconds pause) const
{
    std::unique_lock lock{m_mutex};
    return m_changed.wait_for(lock, pause, [this] { return m_asked; });
}

void StopSignal::sitOut(std::chrono::milliseconds pause) const
{
    std::unique_lock lock{m_mutex};
    m_changed.wait_for(lock, pause, [] { return false; });
}

void StopSignal::waitUntilAsked() const
{
    std::unique_lock lock{m_mutex};
    m_changed.wait(lock, [this] { return m_asked; });
}

void StopSignal::raise()
{
    m_wake();
    const std::scoped_lock lock{m_mutex};
    m_asked = true;
    m_changed.notify_all();
}

} // namespace enroll::tpm
