#include "core/system/interrupt_watch.h"

#include "core/base/assert.h"
#include "core/base/without_exceptions.h"
#include "core/system/write_signals.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

namespace enroll::system {
namespace {

constexpr int kInterrupted = 130; // 128 + SIGINT, as shells report it

/// True under nohup(1), which ignores SIGHUP so that the program survives the end of its terminal.
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

/// The order matters: signals must be blocked before the signalfd is read, or one of them could end the process in
/// between; and before m_thread starts, which inherits the mask.
InterruptWatch::InterruptWatch() : m_end(WakeUp::create().value())
{
    ignoreSignalsOfWrites();
    const auto set = stopSignals();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    m_signals = Descriptor{::signalfd(-1, &set, SFD_CLOEXEC)};
    ENROLL_ASSERT(m_signals.valid(), "the blocked signals can be read: otherwise nobody could stop the program");
    m_thread = std::jthread{[this] { runThread("signal thread", [this] { watch(); }); }};
}

InterruptWatch::~InterruptWatch()
{
    m_end.raise();
    m_thread.join();
}

void InterruptWatch::watch()
{
    std::array<pollfd, 2> entries{pollfd{m_signals.fd(), POLLIN, 0}, pollfd{m_end.fd(), POLLIN, 0}};
    while (::poll(entries.data(), entries.size(), -1) >= 0 || errno == EINTR) {
        if (readable(entries[1])) {
            return;
        }
        if (!readable(entries[0])) {
            continue;
        }
        signalfd_siginfo signal{};
        [[maybe_unused]] const auto got = ::read(m_signals.fd(), &signal, sizeof signal);
        // A closing terminal sends SIGHUP more than once: a further one is not a person who insists.
        if (!m_stop.request_stop() && signal.ssi_signo != SIGHUP) {
            ::_exit(kInterrupted);
        }
    }
}

} // namespace enroll::system
