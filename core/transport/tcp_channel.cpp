#include "core/transport/tcp_channel.h"

#include "core/base/device_code.h"
#include "core/transport/tcp_connect.h"

#include <cerrno>
#include <poll.h>
#include <sys/socket.h>

namespace enroll::transport {
namespace {

Error peerGone(const char* operation, int number)
{
    return makeError(DeviceCode::NoTpmAnswers, "the connection broke", operation, Errno{number});
}

} // namespace

Result<std::unique_ptr<TpmChannel>> TcpChannel::open(const TcpAddress& address, const Deadline& deadline,
                                                     std::stop_token stop)
{
    TRY_ASSIGN(auto interrupt, system::WakeUp::create());
    const std::stop_callback onStop{std::move(stop), [&interrupt] { interrupt.raise(); }};
    TRY_ASSIGN(auto socket, connectToHost(address, deadline, interrupt));
    TRY_ASSIGN(auto ownInterrupt, system::WakeUp::create()); // a fresh one: the stop may have raised the first
    return std::unique_ptr<TpmChannel>{new TcpChannel{std::move(socket), std::move(ownInterrupt)}};
}

Result<void> TcpChannel::send(ByteView bytes, const Deadline& deadline)
{
    while (!bytes.empty()) {
        // MSG_NOSIGNAL: a peer that is gone gives EPIPE, in programs too that have not ignored SIGPIPE.
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
