#pragma once

#include <cstdint>
#include <string>

namespace enroll {

/// \p host as it stands before a port: an IPv6 address in brackets, everything else as it is.
/// \par Source   RFC 3986, section 3.2.2
inline std::string bracketedHost(const std::string& host)
{
    const bool version6 = host.find(':') != std::string::npos;
    return version6 ? "[" + host + "]" : host;
}

/// "127.0.0.1:8443", "[::1]:8443".
inline std::string hostAndPort(const std::string& host, std::uint16_t port)
{
    return bracketedHost(host) + ":" + std::to_string(port);
}

} // namespace enroll
