#include "tests/support/tpm_relay.h"

#include "core/transport/open_channel.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

namespace enroll::test {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kHeader = 10;
constexpr std::chrono::minutes kPatience{2}; // with the TPM; a real one may take long for a key

[[noreturn]] void die(const char* what)
{
    std::perror(what);
    std::abort();
}

std::uint32_t field(ByteView frame, std::size_t offset)
{
    ByteReader reader{frame.subspan(offset)};
    return reader.u32("field").value();
}

int listenOnLoopback(std::uint16_t& port)
{
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    const int shared = port != 0 ? 1 : 0;
    if (fd < 0 || ::setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &shared, sizeof shared) != 0 ||
        ::bind(fd, generic, size) != 0 || ::listen(fd, 8) != 0 || ::getsockname(fd, generic, &size) != 0) {
        die("relay: no port");
    }
    port = ntohs(address.sin_port);
    return fd;
}

/// True if \p fd is readable (or hung up); false if \p stop was raised or the time is over.
bool waitReadable(int fd, int stop, const timespec* timeout)
{
    std::array<pollfd, 2> waits{pollfd{fd, POLLIN, 0}, pollfd{stop, POLLIN, 0}};
    return ::ppoll(waits.data(), waits.size(), timeout, nullptr) > 0 && waits[1].revents == 0;
}

bool receiveExactly(int fd, int stop, std::span<std::byte> buffer)
{
    while (!buffer.empty()) {
        if (!waitReadable(fd, stop, nullptr)) {
            return false;
        }
        const auto count = ::recv(fd, buffer.data(), buffer.size(), 0);
        if (count <= 0) {
            return false;
        }
        buffer = buffer.subspan(static_cast<std::size_t>(count));
    }
    return true;
}

Bytes receiveCommand(int fd, int stop)
{
    Bytes frame(kHeader);
    if (!receiveExactly(fd, stop, frame)) {
        return {};
    }
    frame.resize(std::max<std::size_t>(field(frame, 2), kHeader));
    return receiveExactly(fd, stop, std::span{frame}.subspan(kHeader)) ? frame : Bytes{};
}

Bytes receiveResponse(transport::TpmChannel& tpm)
{
    Bytes frame(4096);
    std::size_t received = 0;
    while (received < kHeader || received < field(frame, 2)) {
        const auto count = tpm.receive(std::span{frame}.subspan(received), Deadline::in(kPatience));
        if (!count || *count == 0) {
            return {};
        }
        received += *count;
    }
    frame.resize(received);
    return frame;
}

/// Waits for the moment; false if the station hung up or the relay is to end.
bool waitUntil(Clock::time_point moment, int station, int stop)
{
    std::array<pollfd, 2> waits{pollfd{station, POLLRDHUP, 0}, pollfd{stop, POLLIN, 0}};
    const auto left = std::chrono::nanoseconds{moment - Clock::now()};
    if (left.count() <= 0) {
        return true;
    }
    const timespec timeout{static_cast<time_t>(left.count() / 1'000'000'000), left.count() % 1'000'000'000};
    return ::ppoll(waits.data(), waits.size(), &timeout, nullptr) == 0;
}

} // namespace

struct TpmRelay::Line {
    int station;
    std::unique_ptr<transport::TpmChannel> tpm;
};

TpmRelay::TpmRelay(const std::string& tpmAddress, RelayBehaviour behaviour, std::uint16_t port)
    : m_tpm(transport::parseDeviceAddress(tpmAddress).value()), m_behaviour(std::move(behaviour)), m_port(port),
      m_listener(listenOnLoopback(m_port)), m_stop(::eventfd(0, EFD_CLOEXEC)), m_thread([this] { serve(); })
{}

TpmRelay::~TpmRelay()
{
    const std::uint64_t one = 1;
    if (::write(m_stop, &one, sizeof one) != sizeof one) {
        die("relay: cannot stop");
    }
    m_thread.join();
    leave();
    ::close(m_stop);
}

std::string TpmRelay::address() const
{
    return "tcp://127.0.0.1:" + std::to_string(m_port);
}

std::uint64_t TpmRelay::commands() const
{
    const std::scoped_lock lock{m_mutex};
    std::uint64_t sum = 0;
    for (const auto& [code, count] : m_counts) {
        sum += count;
    }
    return sum;
}

std::uint64_t TpmRelay::commands(std::uint32_t commandCode) const
{
    const std::scoped_lock lock{m_mutex};
    const auto found = m_counts.find(commandCode);
    return found == m_counts.end() ? 0 : found->second;
}

void TpmRelay::serve()
{
    while (m_listener >= 0 && waitReadable(m_listener, m_stop, nullptr)) {
        const int station = ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
        if (station >= 0) {
            const int on = 1;
            ::setsockopt(station, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
            serveStation(station);
            ::close(station);
        }
    }
}

void TpmRelay::serveStation(int station)
{
    auto tpm = transport::openChannel(m_tpm, Deadline::in(std::chrono::seconds{5}), {});
    if (!tpm) {
        return;
    }
    Line line{station, std::move(tpm).value()};
    while (serveCommand(line)) {
    }
}

bool TpmRelay::serveCommand(Line& line)
{
    const auto command = receiveCommand(line.station, m_stop);
    if (command.empty()) {
        return false;
    }
    const auto cameAt = Clock::now();
    const auto code = field(command, 6);
    {
        const std::scoped_lock lock{m_mutex};
        ++m_counts[code];
    }
    if (m_behaviour.heard) {
        m_behaviour.heard(command);
    }
    const auto reply = replyTo(line, code, command);
    return reply && deliver(line, *reply, cameAt);
}

std::optional<RelayReply> TpmRelay::replyTo(Line& line, std::uint32_t commandCode, const Bytes& command)
{
    if (m_behaviour.instead) {
        if (auto own = m_behaviour.instead(commandCode)) {
            return own;
        }
    }
    const auto ask = [&line](const Bytes& asked) {
        const auto sent = line.tpm->send(asked, Deadline::in(kPatience));
        return sent ? receiveResponse(*line.tpm) : Bytes{};
    };
    auto response = ask(m_behaviour.forwarded ? m_behaviour.forwarded(command, ask) : command);
    if (response.empty()) {
        return std::nullopt;
    }
    return m_behaviour.reply ? m_behaviour.reply(commandCode, std::move(response)) : RelayReply{std::move(response)};
}

/// From here on connections are refused.
void TpmRelay::leave()
{
    if (m_listener >= 0) {
        ::close(std::exchange(m_listener, -1));
    }
}

bool TpmRelay::deliver(Line& line, const RelayReply& reply, Clock::time_point cameAt)
{
    auto due = cameAt;
    ByteView left = reply.bytes;
    do {
        due += reply.since;
        if (!waitUntil(due, line.station, m_stop)) {
            return false;
        }
        const auto piece = left.first(std::min(left.size(), reply.piece.value_or(left.size())));
        if (::send(line.station, piece.data(), piece.size(), MSG_NOSIGNAL) != std::ssize(piece)) {
            return false;
        }
        left = left.subspan(piece.size());
    } while (!left.empty());
    if (reply.then == RelayReply::Then::Stall) {
        waitUntil(Clock::now() + kPatience, line.station, m_stop);
    }
    if (reply.then == RelayReply::Then::Leave) {
        leave(); // before the station sees its line end
    }
    return reply.then == RelayReply::Then::Continue;
}

} // namespace enroll::test
