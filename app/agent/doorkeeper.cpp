#include "app/agent/doorkeeper.h"

#include "app/agent/descriptor_line.h"
#include "app/agent/line_log.h"
#include "core/base/device_code.h"
#include "core/base/host_text.h"
#include "core/base/station_code.h"
#include "core/base/without_exceptions.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <iostream>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <thread>
#include <utility>

namespace enroll::app::agent {
namespace {

constexpr int kWaiting = 8; // connections that nobody has looked at yet

/// An IPv4 or IPv6 socket address.
struct SocketAddress {
    sockaddr_storage storage{};
    socklen_t size = sizeof(sockaddr_storage);

    [[nodiscard]] sockaddr* generic() noexcept { return reinterpret_cast<sockaddr*>(&storage); }
};

Error fault(const arguments::ListenAddress& address, const char* operation)
{
    return makeError(StationCode::StationCannotReachPort, "cannot listen on " + hostAndPort(address.host, address.port),
                     operation, Errno{errno});
}

template <class Address>
SocketAddress stored(const Address& address)
{
    SocketAddress made;
    made.size = sizeof address;
    std::memcpy(&made.storage, &address, sizeof address);
    return made;
}

/// \p address is numeric.
SocketAddress socketAddressOf(const arguments::ListenAddress& address)
{
    sockaddr_in version4{};
    version4.sin_family = AF_INET;
    version4.sin_port = htons(address.port);
    if (::inet_pton(AF_INET, address.host.c_str(), &version4.sin_addr) == 1) {
        return stored(version4);
    }
    sockaddr_in6 version6{};
    version6.sin6_family = AF_INET6;
    version6.sin6_port = htons(address.port);
    ::inet_pton(AF_INET6, address.host.c_str(), &version6.sin6_addr);
    return stored(version6);
}

std::uint16_t portOf(const SocketAddress& address) noexcept
{
    // Both families have the port at the same place, behind the family.
    sockaddr_in version4{};
    std::memcpy(&version4, &address.storage, sizeof version4);
    return ntohs(version4.sin_port);
}

std::string textOf(const SocketAddress& address)
{
    std::array<char, INET6_ADDRSTRLEN> host{};
    const bool version4 = address.storage.ss_family == AF_INET;
    const auto offset = version4 ? offsetof(sockaddr_in, sin_addr) : offsetof(sockaddr_in6, sin6_addr);
    const auto* bytes = reinterpret_cast<const std::byte*>(&address.storage) + offset;
    ::inet_ntop(address.storage.ss_family, bytes, host.data(), host.size());
    return hostAndPort(host.data(), portOf(address));
}

void setOption(const system::Descriptor& socket, int level, int option, int value) noexcept
{
    ::setsockopt(socket.fd(), level, option, &value, sizeof value);
}

/// Has TCP notice within Doorkeeper::kVanished that the station is gone, and send each response at once.
void watchOver(const system::Descriptor& socket) noexcept
{
    constexpr int kSilence = 2; // seconds until the station is asked, then once each second
    setOption(socket, IPPROTO_TCP, TCP_NODELAY, 1);
    setOption(socket, SOL_SOCKET, SO_KEEPALIVE, 1);
    setOption(socket, IPPROTO_TCP, TCP_KEEPIDLE, kSilence);
    setOption(socket, IPPROTO_TCP, TCP_KEEPINTVL, 1);
    setOption(socket, IPPROTO_TCP, TCP_KEEPCNT, static_cast<int>(Doorkeeper::kVanished.count()) - kSilence);
    setOption(socket, IPPROTO_TCP, TCP_USER_TIMEOUT,
              static_cast<int>(std::chrono::milliseconds{Doorkeeper::kVanished}.count()));
}

/// True where accept() failed for one connection, or for no lasting reason. Source: accept(2), "Error handling".
bool isPassing(int number) noexcept
{
    constexpr std::array kPassing{EAGAIN,    EINTR,  ECONNABORTED, EPROTO,     ENOPROTOOPT, ENETDOWN,
                                  EHOSTDOWN, ENONET, EHOSTUNREACH, EOPNOTSUPP, ENETUNREACH};
    return std::ranges::find(kPassing, number) != kPassing.end();
}

/// How far whoever has connected has come.
enum class Stage {
    Entering, ///< the reception has not decided yet
    Served,
    Over,
};

} // namespace

/// Who has connected and was not let go.
struct Doorkeeper::Visit {
    Visit(system::Descriptor opened, std::string from, Hall& hall);
    Visit(const Visit&) = delete;
    Visit& operator=(const Visit&) = delete;

    void receiveAndServe(system::Descriptor opened, Hall& hall);
    /// True if the line is this station's, and no further one has to wait for anything.
    [[nodiscard]] bool holdsLine() const { return stage.load() == Stage::Served && !line->hungUp(); }

    std::string peer;
    std::unique_ptr<StationLine> line = nullptr; ///< set before Stage::Served, and never after
    std::atomic<Stage> stage = Stage::Entering;
    bool refusedOthers = false;
    std::jthread thread; // last: started when everything else is there, and joined first
};

/// Who is inside, and who waits for that one to be gone without a trace, or not to be let in.
struct Doorkeeper::Hall {
    const TpmRelay& relay;
    const Reception& reception;
    system::WakeUp stopping;
    system::WakeUp changed; ///< the stage of visit has
    LineLog log{std::cerr};
    std::unique_ptr<Visit> visit = nullptr;
    system::Descriptor next = {};
    std::string nextPeer = {};

    void begin(system::Descriptor socket, std::string peer)
    {
        visit = std::make_unique<Visit>(std::move(socket), std::move(peer), *this);
    }
    /// True if a further station may wait: the one inside does not hold the line, and nobody else waits who has not hung up.
    [[nodiscard]] bool hasRoom() const { return !visit->holdsLine() && (!next.valid() || otherEndHungUp(next.fd())); }
    void refuse(const std::string& peer)
    {
        if (!std::exchange(visit->refusedOthers, true)) { // once a visit: nobody fills the log
            log.say(peer, "refused, because " + visit->peer + " is served");
        }
    }
    void noteChange()
    {
        changed.clear(); // first: what changes from here on raises it again
        if (visit && visit->stage.load() == Stage::Over) {
            visit.reset();
            if (next.valid()) {
                begin(std::move(next), std::move(nextPeer));
            }
        } else if (visit && next.valid() && visit->holdsLine()) {
            refuse(nextPeer);
            next = {};
        }
    }
};

Doorkeeper::Visit::Visit(system::Descriptor opened, std::string from, Hall& hall)
    : peer(std::move(from)), thread([this, &hall, socket = std::move(opened)]() mutable {
          runThread("line of a station", [&] { receiveAndServe(std::move(socket), hall); });
          stage = Stage::Over;
          hall.changed.raise();
      })
{}

void Doorkeeper::Visit::receiveAndServe(system::Descriptor opened, Hall& hall)
{
    auto received = hall.reception(std::move(opened), hall.stopping);
    if (!received) {
        if (received.error().code != DeviceCode::Cancelled) {
            hall.log.say(peer, describeForLog(received.error()));
        }
        return;
    }
    line = std::move(received).value();
    stage = Stage::Served;
    hall.changed.raise();
    const auto report = hall.relay.serve(*line);
    if (!report.why.empty()) {
        hall.log.say(peer, report.why);
    }
}

Result<Doorkeeper> Doorkeeper::open(const arguments::ListenAddress& address)
{
    auto wanted = socketAddressOf(address);
    system::Descriptor listener{
        ::socket(wanted.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_TCP)};
    if (!listener.valid()) {
        return fault(address, "socket");
    }
    setOption(listener, SOL_SOCKET, SO_REUSEADDR, 1);
    if (::bind(listener.fd(), wanted.generic(), wanted.size) != 0) {
        return fault(address, "bind");
    }
    SocketAddress bound;
    if (::listen(listener.fd(), kWaiting) != 0 || ::getsockname(listener.fd(), bound.generic(), &bound.size) != 0) {
        return fault(address, "listen");
    }
    return Doorkeeper{std::move(listener), portOf(bound)};
}

/// Lets the next connection in, has it wait, or lets it go.
Result<void> Doorkeeper::admit(Hall& hall) const
{
    SocketAddress from;
    system::Descriptor socket{::accept4(m_listener.fd(), from.generic(), &from.size, SOCK_CLOEXEC | SOCK_NONBLOCK)};
    if (!socket.valid()) {
        return isPassing(errno)
                   ? Result<void>{}
                   : makeError(StationCode::StationCannotReachPort, "cannot let a station in", "accept", Errno{errno});
    }
    watchOver(socket);
    if (!hall.visit) {
        hall.begin(std::move(socket), textOf(from));
    } else if (hall.hasRoom()) {
        hall.next = std::move(socket);
        hall.nextPeer = textOf(from);
    } else {
        hall.refuse(textOf(from));
    }
    return {};
}

Result<void> Doorkeeper::run(const TpmRelay& relay, const Reception& reception, const std::stop_token& stop) const
{
    TRY_ASSIGN(auto stopping, system::WakeUp::create());
    TRY_ASSIGN(auto changed, system::WakeUp::create());
    Hall hall{relay, reception, std::move(stopping), std::move(changed)};
    const std::stop_callback onStop{stop, [&hall] { hall.stopping.raise(); }};
    auto outcome = Result<void>{};
    while (outcome && !stop.stop_requested()) {
        std::array<pollfd, 3> waits{pollfd{hall.stopping.fd(), POLLIN, 0}, pollfd{hall.changed.fd(), POLLIN, 0},
                                    pollfd{m_listener.fd(), POLLIN, 0}};
        if (::poll(waits.data(), waits.size(), -1) < 0) {
            continue; // EINTR alone: the descriptors are there
        }
        if (waits[1].revents != 0) {
            hall.noteChange();
        }
        if (waits[2].revents != 0) {
            outcome = admit(hall);
        }
    }
    hall.stopping.raise(); // also where nobody can be let in any more
    return outcome;
}

} // namespace enroll::app::agent
