#include "core/transport/tcp_channel.h"

#include "core/transport/name_lookup.h"

#include <cerrno>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

namespace enroll::transport {
namespace {

Error peerGone(const char* operation, int number)
{
    return makeError(ErrorCode::NoTpmAnswers, "the connection broke", operation, Errno{number});
}

int pendingError(const Descriptor& socket) noexcept
{
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(socket.fd(), SOL_SOCKET, SO_ERROR, &error, &size);
    return error;
}

Result<Descriptor> newSocket(const addrinfo& target)
{
    Descriptor socket{::socket(target.ai_family, target.ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
    if (!socket.valid()) {
        return makeError(ErrorCode::StationCannotReachPort, "no socket", "socket", Errno{errno});
    }
    const int on = 1; // a command is one small write that waits for its answer: Nagle's delay would only cost time
    ::setsockopt(socket.fd(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return socket;
}

Result<Descriptor> connectTo(const addrinfo& target, const Deadline& deadline, const Interrupt& interrupt)
{
    auto socket = TRY(newSocket(target));
    if (::connect(socket.fd(), target.ai_addr, target.ai_addrlen) == 0) {
        return socket;
    }
    if (errno != EINPROGRESS) {
        return makeError(ErrorCode::NoTpmAnswers, "no connection", "connect", Errno{errno});
    }
    TRY(waitUntilReady(socket.fd(), POLLOUT, deadline, interrupt));
    if (const int error = pendingError(socket); error != 0) {
        return makeError(ErrorCode::NoTpmAnswers, "no connection", "connect", Errno{error});
    }
    return socket;
}

Result<Descriptor> connectToAny(const addrinfo* targets, const Deadline& deadline, const Interrupt& interrupt)
{
    auto last = Result<Descriptor>{makeError(ErrorCode::NoTpmAnswers, "the host has no address", "getaddrinfo")};
    for (const auto* target = targets; target != nullptr; target = target->ai_next) {
        last = connectTo(*target, deadline, interrupt);
        if (last || last.error().code != ErrorCode::NoTpmAnswers) {
            return last;
        }
    }
    return last;
}

} // namespace

Result<std::unique_ptr<TpmChannel>> TcpChannel::open(const TcpAddress& address, const Deadline& deadline,
                                                     std::stop_token stop)
{
    auto interrupt = TRY(Interrupt::create());
    const std::stop_callback onStop{std::move(stop), [&interrupt] { interrupt.raise(); }};
    const auto targets = TRY(lookUp(address, deadline, interrupt));
    auto socket = TRY(connectToAny(targets.get(), deadline, interrupt));
    auto ownInterrupt = TRY(Interrupt::create()); // the first one ends with the opening, whatever the stop does
    return std::unique_ptr<TpmChannel>{new TcpChannel{std::move(socket), std::move(ownInterrupt)}};
}

Result<void> TcpChannel::send(ByteView bytes, const Deadline& deadline)
{
    while (!bytes.empty()) {
        const auto sent = ::send(m_socket.fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent >= 0) {
            bytes = bytes.subspan(static_cast<std::size_t>(sent));
            continue;
        }
        if (errno != EAGAIN && errno != EINTR) {
            return peerGone("send", errno);
        }
        TRY(waitUntilReady(m_socket.fd(), POLLOUT, deadline, m_interrupt));
    }
    return {};
}

Result<std::size_t> TcpChannel::receive(std::span<std::byte> buffer, const Deadline& deadline)
{
    for (;;) {
        TRY(waitUntilReady(m_socket.fd(), POLLIN, deadline, m_interrupt));
        const auto received = ::recv(m_socket.fd(), buffer.data(), buffer.size(), 0);
        if (received >= 0) {
            return static_cast<std::size_t>(received);
        }
        if (errno != EAGAIN && errno != EINTR) {
            return peerGone("recv", errno);
        }
    }
}

} // namespace enroll::transport
