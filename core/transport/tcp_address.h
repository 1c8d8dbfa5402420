#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace enroll::transport {

/// `tcp://HOST:PORT`: raw TPM commands and responses on a stream.
struct TcpAddress {
    std::string host; ///< name in small letters, IPv4, or IPv6 without its brackets (RFC 5952)
    std::uint16_t port = 0;
    bool operator==(const TcpAddress&) const = default;
};

/// Reads "HOST:PORT" or "[IPV6]:PORT"; two ways to write one host give equal addresses. Error S-331 naming the part that
/// is wrong.
Result<TcpAddress> parseTcpAddress(std::string_view text);

/// The same, also without a port: it is \p usualPort then.
Result<TcpAddress> parseTcpAddressWithUsualPort(std::string_view text, std::uint16_t usualPort);

/// What parseTcpAddress() reads back.
std::string tcpAddressText(const TcpAddress& address);

} // namespace enroll::transport
