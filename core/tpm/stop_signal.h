#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <stop_token>

namespace enroll::tpm {

/// A stop request as the thread at the TPM sees it.
///
/// asked() turns true only after \p wake has returned. So the thread that has seen asked() can undo what wake() did (it
/// interrupts the channel; TpmChannel::resume() undoes it) and cannot be overtaken by a wake() still running.
class StopSignal {
public:
    /// \p wake is called once: on the thread that requests the stop, or in the constructor if that has happened before.
    StopSignal(std::stop_token token, std::function<void()> wake);

    [[nodiscard]] bool asked() const;
    /// Waits for the pause; true if a stop was asked before it was over.
    bool askedWithin(std::chrono::milliseconds pause) const;
    /// Waits for the pause, whatever is asked.
    void sitOut(std::chrono::milliseconds pause) const;
    /// Waits until asked() is true, without a deadline: call it only after wake()'s effect was seen, when that is near.
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
