#pragma once

#include "core/system/descriptor.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <netinet/in.h>
#include <sys/socket.h>

/// Ports of loopback. Without one the test program ends with the reason.
namespace enroll::test {

/// A socket of loopback and its port.
struct BoundSocket {
    system::Descriptor socket;
    std::uint16_t port = 0;
};

/// A socket that is bound to \p port, and does not listen; 0: a free one, which the kernel gives to nobody else while the socket
/// lives. Others that set SO_REUSEADDR may bind it, and one of them may listen there.
inline BoundSocket bindTo(std::uint16_t port)
{
    BoundSocket made{system::Descriptor{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)}};
    const int on = 1;
    ::setsockopt(made.socket.fd(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(made.socket.fd(), generic, size) != 0 || ::getsockname(made.socket.fd(), generic, &size) != 0) {
        std::perror("no port");
        std::abort();
    }
    made.port = ntohs(address.sin_port);
    return made;
}

/// A port that nobody else gets while the object lives, whether somebody listens there or not.
class HeldPort {
public:
    [[nodiscard]] std::uint16_t number() const noexcept { return m_held.port; }
    /// Non-blocking. Nobody listens any more once it is closed.
    [[nodiscard]] system::Descriptor listen() const
    {
        auto listener = bindTo(number()).socket;
        if (::listen(listener.fd(), 8) != 0) {
            std::perror("nobody can listen");
            std::abort();
        }
        return listener;
    }

private:
    BoundSocket m_held = bindTo(0);
};

} // namespace enroll::test
