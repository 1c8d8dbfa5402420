#pragma once

#include "core/transport/tcp_address.h"

namespace enroll::transport {

/// `tls://HOST:PORT[?name=NAME]`: an agent behind TLS 1.3.
struct TlsAddress {
    TcpAddress place; ///< where it listens
    std::string
        name; ///< what its certificate must be for, where that is not the host; a host name, or an IPv4 address, in small letters
    bool operator==(const TlsAddress&) const = default;
};

/// Reads "HOST:PORT" as parseTcpAddress(), or "HOST:PORT?name=NAME": the agent at HOST shows a certificate for NAME, as one
/// does whose address changes. Without a name its certificate must be for HOST. Error S-331 naming the part that is wrong.
Result<TlsAddress> parseTlsAddress(std::string_view text);

/// What parseTlsAddress() reads back.
std::string tlsAddressText(const TlsAddress& address);

/// What the agent's certificate must be for: a host name without its closing dot, or a numeric address without its zone,
/// which another machine does not know.
std::string expectedName(const TlsAddress& address);

} // namespace enroll::transport
