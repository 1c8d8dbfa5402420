#pragma once

#include "core/system/descriptor.h"
#include "core/system/wake_up.h"

#include <stop_token>
#include <thread>

namespace enroll::system {

/// Turns SIGINT, SIGTERM and SIGHUP (unless it is ignored, as under nohup) into a stop request: the first asks
/// politely, a second SIGINT or SIGTERM ends the process with 130. A failed write ends nothing: see
/// ignoreSignalsOfWrites().
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
    Descriptor m_signals;
    WakeUp m_end;
    std::jthread m_thread;
};

} // namespace enroll::system
