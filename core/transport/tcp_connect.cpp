#include "core/transport/tcp_connect.h"

#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "core/transport/name_lookup.h"

#include <algorithm>
#include <cerrno>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

namespace enroll::transport {
namespace {

/// The errno with which a non-blocking connect() ended, 0 if it succeeded.
int pendingError(const system::Descriptor& socket) noexcept
{
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(socket.fd(), SOL_SOCKET, SO_ERROR, &error, &size);
    return error;
}

Result<system::Descriptor> newSocket(const addrinfo& target)
{
    system::Descriptor socket{::socket(target.ai_family, target.ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
    if (!socket.valid()) {
        return makeError(StationCode::StationCannotReachPort, "no socket", "socket", Errno{errno});
    }
    const int on = 1; // a command is one small write that waits for its response: Nagle's algorithm would only delay it
    ::setsockopt(socket.fd(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return socket;
}

Error noConnection(int number)
{
    return makeError(codeOfConnectFault(number), "no connection", "connect", Errno{number});
}

/// Connects to one address. A non-blocking connect() returns EINPROGRESS; the socket turns writable when it has ended,
/// well or not, and pendingError() tells which. Source: connect(2), EINPROGRESS.
Result<system::Descriptor> connectTo(const addrinfo& target, const Deadline& deadline, const system::WakeUp& interrupt)
{
    TRY_ASSIGN(auto socket, newSocket(target));
    if (::connect(socket.fd(), target.ai_addr, target.ai_addrlen) == 0) {
        return socket;
    }
    if (errno != EINPROGRESS) {
        return noConnection(errno);
    }
    TRY(waitUntilReady(socket.fd(), POLLOUT, deadline, interrupt));
    if (const int error = pendingError(socket); error != 0) {
        return noConnection(error);
    }
    return socket;
}

int lengthOf(const addrinfo* targets) noexcept
{
    int length = 0;
    for (; targets != nullptr; targets = targets->ai_next) {
        ++length;
    }
    return length;
}

bool isOfTheStation(const Error& error) noexcept
{
    return error.code == StationCode::StationCannotReachPort;
}

Result<AddrInfoPtr> addressesOf(const TcpAddress& address, const Deadline& deadline, const system::WakeUp& interrupt)
{
    auto found = lookUp(address, deadline, interrupt);
    if (found || found.error().code != StationCode::StationCannotReachPort) {
        return found;
    }
    auto error = std::move(found).error();
    error.what += "; correct the name, or write the numeric address";
    return error;
}

} // namespace

ErrorCode codeOfConnectFault(int number) noexcept
{
    switch (number) {
    case ECONNREFUSED:
    case ECONNRESET:
    case EHOSTUNREACH:
    case ETIMEDOUT:
        return DeviceCode::NoTpmAnswers;
    default:
        return StationCode::StationCannotReachPort;
    }
}

Result<system::Descriptor> connectToAny(const addrinfo* targets, const Deadline& deadline,
                                        const system::WakeUp& interrupt)
{
    std::optional<Error> worst;
    auto remaining = lengthOf(targets);
    for (const auto* target = targets; target != nullptr; target = target->ai_next, --remaining) {
        auto socket = connectTo(*target, Deadline::in(deadline.left() / remaining), interrupt);
        if (socket || socket.error().code == DeviceCode::Cancelled) {
            return socket;
        }
        if (!worst || !isOfTheStation(socket.error())) {
            worst = std::move(socket).error();
        }
    }
    return worst ? std::move(*worst)
                 : makeError(StationCode::StationCannotReachPort, "the host has no address", "getaddrinfo");
}

Result<system::Descriptor> connectToHost(const TcpAddress& address, const Deadline& deadline,
                                         const system::WakeUp& interrupt)
{
    TRY_ASSIGN(const auto targets, addressesOf(address, deadline, interrupt));
    return connectToAny(targets.get(), deadline, interrupt);
}

} // namespace enroll::transport
