#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <stop_token>

namespace enroll::tpm {

/// A stop that was asked for, as the thread at the TPM sees it: asked() turns true only after \p wake has returned,
/// so that what wake() did can be taken back without racing with it.
class StopSignal {
public:
    /// \p wake is called once, on the thread that asks for the stop, or at once if that has happened.
    StopSignal(std::stop_token token, std::function<void()> wake);

    [[nodiscard]] bool asked() const;
    /// Waits for the pause; true if a stop was asked before it was over.
    bool askedWithin(std::chrono::milliseconds pause) const;
    /// Waits for the pause, whatever is asked.
    void sitOut(std::chrono::milliseconds pause) const;
    /// Waits until asked() is true. Only for one who has seen wake()'s effect.
    void waitUntilAsked() const;

private:
    void raise();

    std::function<void()> m_wake;
    mutable std::mutex m_mutex;
    mutable std::condition_variable m_changed;
    bool m_asked = false;
    std::stop_callback<std::function<void()>> m_callback; // last: may run raise() while being constructed
};

} // namespace enroll::tpm
