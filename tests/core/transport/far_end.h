#pragma once

#include "core/base/result.h"
#include "core/system/descriptor.h"
#include "tests/support/bound_socket.h"
#include "tests/support/must.h"

#include <arpa/inet.h>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <functional>
#include <optional>
#include <poll.h>
#include <sys/socket.h>
#include <thread>

/// What listens where a station connects to, for the tests of this folder.
namespace enroll::test {

inline constexpr std::chrono::milliseconds kShort{100};
inline constexpr std::chrono::milliseconds kLong{20'000};

/// How a connection ended, seen from one end; no code if it went well.
struct Ended {
    std::optional<ErrorCode> code = {};
    std::string what = {};
};

template <class T>
Ended endOf(const Result<T>& result)
{
    return result.ok() ? Ended{} : Ended{result.error().code, result.error().what};
}

/// A port of this machine. What connects is accepted once, within kLong.
class Port {
public:
    [[nodiscard]] std::uint16_t number() const noexcept { return m_port.number(); }
    /// Non-blocking; not valid if nobody came.
    [[nodiscard]] system::Descriptor accept() const
    {
        pollfd wait{m_socket.fd(), POLLIN, 0};
        ::poll(&wait, 1, static_cast<int>(kLong.count()));
        return system::Descriptor{::accept4(m_socket.fd(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK)};
    }

private:
    HeldPort m_port;
    system::Descriptor m_socket = m_port.listen();
};

/// What listens at a port, on a thread of its own, and serves one connection.
class FarEnd {
public:
    using Work = std::function<Ended(system::Descriptor)>;

    explicit FarEnd(Work work)
        : m_thread([this, work = std::move(work)] {
              sigset_t pipes;
              sigemptyset(&pipes);
              sigaddset(&pipes, SIGPIPE); // of this thread alone: what is tested must not raise it
              ::pthread_sigmask(SIG_BLOCK, &pipes, nullptr);
              m_ended = work(m_port.accept());
          })
    {}
    FarEnd(const FarEnd&) = delete;
    FarEnd& operator=(const FarEnd&) = delete;

    [[nodiscard]] std::uint16_t port() const noexcept { return m_port.number(); }
    /// Waits until the connection is over there.
    Ended ended()
    {
        m_thread.join();
        return m_ended;
    }

private:
    Port m_port;
    Ended m_ended;
    std::jthread m_thread; // last: uses the others
};

/// Sends bytes as they are, and then waits until the other end is gone.
inline FarEnd::Work saying(std::string text)
{
    return [text = std::move(text)](const system::Descriptor& socket) -> Ended {
        [[maybe_unused]] const auto sent = ::send(socket.fd(), text.data(), text.size(), MSG_NOSIGNAL);
        for (std::array<char, 4096> ignored{};;) {
            pollfd wait{socket.fd(), POLLIN, 0};
            if (::poll(&wait, 1, static_cast<int>(kLong.count())) <= 0 ||
                ::recv(socket.fd(), ignored.data(), ignored.size(), 0) <= 0) {
                return {};
            }
        }
    };
}

} // namespace enroll::test
