#include "app/wiring/interrupt.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

namespace enroll::app::wiring {
namespace {

constexpr int kInterrupted = 130; // as a shell tells of SIGINT

/// True under nohup(1): the end of the terminal is no reason to stop then.
bool hangUpIgnored() noexcept
{
    struct sigaction now {};
    return ::sigaction(SIGHUP, nullptr, &now) == 0 && now.sa_handler == SIG_IGN;
}

sigset_t stopSignals() noexcept
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    if (!hangUpIgnored()) {
        sigaddset(&set, SIGHUP);
    }
    return set;
}

bool readable(const pollfd& entry) noexcept
{
    return (entry.revents & POLLIN) != 0;
}

} // namespace

InterruptWatch::InterruptWatch()
{
    std::signal(SIGPIPE, SIG_IGN);
    const auto set = stopSignals();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    m_signals = ::signalfd(-1, &set, SFD_CLOEXEC);
    m_wake = ::eventfd(0, EFD_CLOEXEC);
    m_thread = std::jthread{[this] { watch(); }};
}

InterruptWatch::~InterruptWatch()
{
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(m_wake, &one, sizeof one);
    m_thread.join();
    ::close(m_signals);
    ::close(m_wake);
}

void InterruptWatch::watch()
{
    std::array<pollfd, 2> entries{pollfd{m_signals, POLLIN, 0}, pollfd{m_wake, POLLIN, 0}};
    while (::poll(entries.data(), entries.size(), -1) >= 0 || errno == EINTR) {
        if (readable(entries[1])) {
            return;
        }
        if (!readable(entries[0])) {
            continue;
        }
        signalfd_siginfo signal{};
        [[maybe_unused]] const auto got = ::read(m_signals, &signal, sizeof signal);
        // A closed terminal sends SIGHUP more than once, and nobody sits there who lost patience.
        if (!m_stop.request_stop() && signal.ssi_signo != SIGHUP) {
            ::_exit(kInterrupted);
        }
    }
}

} // namespace enroll::app::wiring
