#pragma once

#include <stop_token>
#include <thread>

namespace enroll::app::wiring {

/// Turns SIGINT, SIGTERM and SIGHUP (unless it is ignored, as under nohup) into a stop request: the first asks
/// politely, a second SIGINT or SIGTERM ends the process with 130. A reader that goes away ends nothing: SIGPIPE is
/// ignored, and a write into nowhere fails.
///
/// Made first in main(), before any other thread: the signals are blocked in the thread that makes it and in all that
/// it starts later, and a thread of this object reads them from a signalfd.
class InterruptWatch {
public:
    InterruptWatch();
    ~InterruptWatch();
    InterruptWatch(const InterruptWatch&) = delete;
    InterruptWatch& operator=(const InterruptWatch&) = delete;

    [[nodiscard]] std::stop_token token() const noexcept { return m_stop.get_token(); }

private:
    void watch();

    std::stop_source m_stop;
    int m_signals = -1;
    int m_wake = -1;
    std::jthread m_thread;
};

} // namespace enroll::app::wiring
