#include "core/transport/tcp_address.h"

#include "core/base/host_text.h"
#include "core/base/text.h"
#include "core/transport/address_fault.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <charconv>
#include <net/if.h>
#include <netinet/in.h>
#include <optional>

namespace enroll::transport {
namespace {

constexpr std::string_view kAlsoInNames{"_"}; // as networks of plants have it

bool isDigit(char c) noexcept
{
    return c >= '0' && c <= '9';
}

/// getaddrinfo() reads "1", "127.1" and "0x7f.1" as IPv4 addresses that nobody meant (inet_aton(3)).
/// \par Source   WHATWG URL, "ends in a number checker"
bool endsInANumber(std::string_view host) noexcept
{
    if (host.ends_with('.')) {
        host.remove_suffix(1);
    }
    const auto last = host.substr(host.rfind('.') + 1); // npos + 1 is 0
    return !last.empty() && (std::ranges::all_of(last, isDigit) || last.starts_with("0x") || last.starts_with("0X"));
}

/// 0.0.0.0 and groups of hosts name no device; 0.0.0.0 reaches this station.
bool isOneHost(const in_addr& address) noexcept
{
    const auto first = ntohl(address.s_addr) >> 24U;
    return first != 0 && first < 224; // from 224 on: multicast and reserved (RFC 5735, section 3)
}

/// An IPv4 address in IPv6's form (RFC 4291, section 2.5.5) would be a second name of its device.
bool isOneHost(const in6_addr& address) noexcept
{
    return !IN6_IS_ADDR_UNSPECIFIED(&address) && !IN6_IS_ADDR_MULTICAST(&address) && !IN6_IS_ADDR_V4MAPPED(&address) &&
           !IN6_IS_ADDR_V4COMPAT(&address);
}

/// The one way to write the address that \p text is, so that a device has one name; empty if \p text is none.
template <typename Address>
std::string canonicalAddress(int family, const std::string& text)
{
    Address address{};
    std::array<char, INET6_ADDRSTRLEN> written{};
    if (::inet_pton(family, text.c_str(), &address) != 1 || !isOneHost(address)) {
        return {};
    }
    return ::inet_ntop(family, &address, written.data(), written.size());
}

Result<std::string> parseIpv6(std::string_view text)
{
    const auto percent = text.find('%'); // "%eth0": the zone of a link-local address (RFC 4007, section 11)
    const auto zone = percent == std::string_view::npos ? std::string_view{} : text.substr(percent);
    auto address = canonicalAddress<in6_addr>(AF_INET6, std::string{text.substr(0, percent)});
    const bool zoneHolds = zone.empty() || (zone.size() <= IF_NAMESIZE && isHostName(zone.substr(1), kAlsoInNames));
    if (address.empty() || !zoneHolds) {
        return addressFault("host " + quoted(text) + " is not the IPv6 address of a device");
    }
    return address.append(zone);
}

Result<std::string> parseNameOrIpv4(std::string_view text)
{
    const auto name = text.substr(0, text.size() - (text.ends_with('.') ? 1 : 0)); // one may close it (RFC 1034, 3.1)
    if (name.size() > kLongestHostName) {
        return addressFault("host is longer than " + std::to_string(kLongestHostName) + " characters");
    }
    if (endsInANumber(text)) {
        auto address = canonicalAddress<in_addr>(AF_INET, std::string{text});
        if (address.empty()) {
            return addressFault("host " + quoted(text) +
                                " is not the IPv4 address of a device; write four numbers, such as 10.7.3.18");
        }
        return address;
    }
    if (!isHostName(name, kAlsoInNames)) {
        return addressFault("host " + quoted(text) + " is neither a name nor an address");
    }
    return asciiLowered(text); // names have no case (RFC 4343): LOCALHOST is not a second device
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
    std::string host;
    std::optional<std::string_view> port; ///< what follows the colon; absent: nothing follows the host
};

Error notInItsForm(std::string_view text)
{
    return addressFault("an IPv6 address is written [ADDRESS]:PORT, not " + quoted(text));
}

Result<HostAndPort> splitBracketed(std::string_view text)
{
    const auto close = text.find(']');
    const auto behind = text.substr(std::min(close, text.size() - 1) + 1);
    if (close == std::string_view::npos || !(behind.empty() || behind.starts_with(':'))) {
        return notInItsForm(text);
    }
    TRY_ASSIGN(auto host, parseIpv6(text.substr(1, close - 1)));
    return HostAndPort{std::move(host), behind.empty() ? std::nullopt : std::optional{behind.substr(1)}};
}

Result<HostAndPort> splitPlain(std::string_view text)
{
    const auto colon = std::min(text.find(':'), text.size());
    const auto behind = text.substr(colon);
    if (behind.find(':', 1) != std::string_view::npos) {
        return addressFault("an IPv6 address needs brackets: " + quoted(text));
    }
    TRY_ASSIGN(auto host, parseNameOrIpv4(text.substr(0, colon)));
    return HostAndPort{std::move(host), behind.empty() ? std::nullopt : std::optional{behind.substr(1)}};
}

Result<HostAndPort> split(std::string_view text)
{
    return text.starts_with('[') ? splitBracketed(text) : splitPlain(text);
}

} // namespace

Result<TcpAddress> parseTcpAddress(std::string_view text)
{
    TRY_ASSIGN(auto parts, split(text));
    if (!parts.port) {
        return text.starts_with('[') ? notInItsForm(text) : addressFault("port is missing after " + quoted(text));
    }
    TRY_ASSIGN(const auto port, parsePort(*parts.port));
    return TcpAddress{std::move(parts.host), port};
}

Result<TcpAddress> parseTcpAddressWithUsualPort(std::string_view text, std::uint16_t usualPort)
{
    TRY_ASSIGN(auto parts, split(text));
    TRY_ASSIGN(const auto port, parts.port ? parsePort(*parts.port) : Result<std::uint16_t>{usualPort});
    return TcpAddress{std::move(parts.host), port};
}

std::string tcpAddressText(const TcpAddress& address)
{
    return hostAndPort(address.host, address.port);
}

} // namespace enroll::transport
