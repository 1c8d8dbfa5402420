#pragma once

#include "core/system/descriptor.h"
#include "core/system/wake_up.h"

#include <stop_token>
#include <thread>

namespace enroll::system {

/// Turns SIGINT, SIGTERM and SIGHUP into a stop request.
///
/// The first of them requests a stop; a further SIGINT or SIGTERM ends the process at once with exit status 130. SIGHUP
/// is left alone if it is ignored already, as under nohup(1). The constructor also calls ignoreSignalsOfWrites().
///
/// Make it first in main(), before any other thread. It blocks the signals in its own thread, and threads started later
/// inherit that; a thread of this object reads them from a signalfd. So no code ever runs in a signal handler.
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
