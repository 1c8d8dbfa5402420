#include "db/dps/received_bytes.h"

#include <algorithm>
#include <arpa/inet.h>
#include <charconv>
#include <filesystem>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <optional>
#include <sys/socket.h>
#include <sys/stat.h>

namespace enroll::db::dps {
namespace {

constexpr auto kDescriptors = "/proc/self/fd";

std::uint16_t portOf(const sockaddr_storage& address) noexcept
{
    const auto* any = static_cast<const void*>(&address);
    return ntohs(address.ss_family == AF_INET6 ? static_cast<const sockaddr_in6*>(any)->sin6_port
                                               : static_cast<const sockaddr_in*>(any)->sin_port);
}

bool isConnectedTo(int descriptor, const QHostAddress& peer, std::uint16_t port)
{
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    auto* any = static_cast<sockaddr*>(static_cast<void*>(&address));
    const bool isThere =
        getpeername(descriptor, any, &size) == 0 && (address.ss_family == AF_INET || address.ss_family == AF_INET6);
    return isThere && portOf(address) == port && QHostAddress{any}.isEqual(peer, QHostAddress::ConvertV4MappedToIPv4);
}

std::optional<std::uint64_t> inodeOf(int descriptor)
{
    struct stat status {};
    return fstat(descriptor, &status) == 0 ? std::optional<std::uint64_t>{status.st_ino} : std::nullopt;
}

/// Source: Linux 4.1, include/uapi/linux/tcp.h, "tcpi_bytes_received" (RFC 4898, tcpEStatsAppHCThruOctetsReceived).
std::uint64_t receivedBy(int descriptor)
{
    tcp_info info{};
    socklen_t size = sizeof info;
    return getsockopt(descriptor, IPPROTO_TCP, TCP_INFO, &info, &size) == 0 ? info.tcpi_bytes_received : 0;
}

} // namespace

ReceivedBytes::ReceivedBytes(const QHostAddress& peer, std::uint16_t port)
    : m_peer(peer), m_port(port), m_before(counts())
{}

std::uint64_t ReceivedBytes::most() const
{
    std::uint64_t most = 0;
    for (const auto& [inode, count] : counts()) {
        const auto before = m_before.find(inode);
        const auto base = before == m_before.end() ? 0 : before->second;
        most = std::max(most, count - std::min(count, base));
    }
    return most;
}

ReceivedBytes::Counts ReceivedBytes::counts() const
{
    Counts counts;
    std::error_code fault;
    for (std::filesystem::directory_iterator entry{kDescriptors, fault}; !fault && entry != std::filesystem::end(entry);
         entry.increment(fault)) {
        const auto name = entry->path().filename().string();
        int descriptor = -1;
        std::from_chars(name.data(), name.data() + name.size(), descriptor);
        const auto inode = inodeOf(descriptor);
        if (inode && isConnectedTo(descriptor, m_peer, m_port)) {
            counts[*inode] = receivedBy(descriptor);
        }
    }
    return counts;
}

} // namespace enroll::db::dps
