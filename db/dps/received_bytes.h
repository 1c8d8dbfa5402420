#pragma once

#include <QHostAddress>

#include <cstdint>
#include <map>

namespace enroll::db::dps {

/// Counts what the connections of this process to one peer receive, for whoever reads them by a library that does not say
/// how much it holds. Asks the kernel. One thread.
class ReceivedBytes {
public:
    /// From now on; of a connection that is made later, from its beginning.
    ReceivedBytes(const QHostAddress& peer, std::uint16_t port);

    /// The most on any one connection that stands. 0 where the kernel does not say.
    [[nodiscard]] std::uint64_t most() const;

private:
    using Counts = std::map<std::uint64_t, std::uint64_t>; ///< by the number of the socket's inode
    [[nodiscard]] Counts counts() const;

    QHostAddress m_peer;
    std::uint16_t m_port;
    Counts m_before;
};

} // namespace enroll::db::dps
