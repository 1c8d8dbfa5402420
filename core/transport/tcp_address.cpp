#include "core/transport/tcp_address.h"

#include "core/base/host_text.h"
#include "core/transport/address_fault.h"

#include <algorithm>
#include <charconv>

namespace enroll::transport {
namespace {

constexpr std::size_t kLongestHost = 253; // RFC 1035, "Size limits"; without the closing dot

bool isHostCharacter(char c) noexcept
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == '_';
}

bool isIpv6Character(char c) noexcept
{
    return isHostCharacter(c) || c == ':' || c == '%'; // "%eth0": the zone of a link-local address
}

Result<std::uint16_t> parsePort(std::string_view text)
{
    unsigned value = 0;
    const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (status != std::errc{} || end != text.data() + text.size() || value < 1 || value > UINT16_MAX) {
        return addressFault("port " + quoted(text) + " is not a number from 1 to 65535");
    }
    return static_cast<std::uint16_t>(value);
}

struct HostAndPort {
    std::string_view host;
    std::string_view port;
};

Result<HostAndPort> splitBracketed(std::string_view text)
{
    const auto close = text.find(']');
    if (close == std::string_view::npos || close + 1 >= text.size() || text[close + 1] != ':') {
        return addressFault("an IPv6 address is written [ADDRESS]:PORT, not " + quoted(text));
    }
    const auto host = text.substr(1, close - 1);
    if (host.find(':') == std::string_view::npos || !std::ranges::all_of(host, isIpv6Character)) {
        return addressFault("host " + quoted(host) + " is not an IPv6 address");
    }
    return HostAndPort{host, text.substr(close + 2)};
}

Result<HostAndPort> splitPlain(std::string_view text)
{
    const auto colon = text.find(':');
    if (colon == std::string_view::npos) {
        return addressFault("port is missing after " + quoted(text));
    }
    const auto host = text.substr(0, colon);
    if (text.find(':', colon + 1) != std::string_view::npos) {
        return addressFault("an IPv6 address needs brackets: " + quoted(text));
    }
    if (host.empty() || !std::ranges::all_of(host, isHostCharacter)) {
        return addressFault("host " + quoted(host) + " is neither a name nor an address");
    }
    return HostAndPort{host, text.substr(colon + 1)};
}

} // namespace

Result<TcpAddress> parseTcpAddress(std::string_view text)
{
    TRY_ASSIGN(const auto parts, text.starts_with('[') ? splitBracketed(text) : splitPlain(text));
    if (parts.host.size() > kLongestHost) {
        return addressFault("host is longer than 253 characters");
    }
    TRY_ASSIGN(const auto port, parsePort(parts.port));
    return TcpAddress{std::string{parts.host}, port};
}

std::string tcpAddressText(const TcpAddress& address)
{
    return hostAndPort(address.host, address.port);
}

} // namespace enroll::transport
