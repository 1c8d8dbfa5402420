#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"

#include <QHostAddress>

#include <stop_token>
#include <vector>

namespace enroll::db::dps {

/// The numeric addresses of a server, in the order in which they are to be tried.
///
/// Qt looks a name up on a thread of its own that nothing can interrupt, and waits for it when the program ends: a stop
/// would last as long as a name service that is silent. So the name is looked up here, and Qt is given addresses. One
/// thread.
class ServerAddresses {
public:
    using Clock = std::chrono::steady_clock;

    ServerAddresses(std::string host, std::uint16_t port) : m_host(std::move(host)), m_port(port) {}

    /// Looks the name up, unless its addresses were looked up within the minute before \p now: a service that moves is found
    /// again. Errors U-503 (no such name, no answer before \p deadline), D-141.
    Result<void> find(const Deadline& deadline, const std::stop_token& stop, Clock::time_point now = Clock::now());
    [[nodiscard]] const QHostAddress& first() const { return m_known.front(); }
    [[nodiscard]] std::size_t count() const noexcept { return m_known.size(); }
    /// Puts the first one behind the others.
    void tryNext();
    /// The next find() looks the name up again.
    void forget() { m_known.clear(); }

private:
    std::string m_host;
    std::uint16_t m_port;
    std::vector<QHostAddress> m_known;
    Clock::time_point m_lookedUp{};
};

} // namespace enroll::db::dps
