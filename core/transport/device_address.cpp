#include "core/transport/device_address.h"

#include "core/base/station_code.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace enroll::transport {
namespace {

constexpr std::size_t kLongestAddress = 512;
constexpr std::size_t kLongestHost = 253; // RFC 1035, "Size limits"; without the closing dot
constexpr std::string_view kSchemeEnd = "://";
constexpr std::array<std::string_view, 3> kSchemesToCome{"tls", "serial", "ssh"};

Error wrong(std::string what)
{
    return makeError(StationCode::UsageInvalid, "device address: " + std::move(what));
}

std::string quoted(std::string_view text)
{
    return "'" + std::string{text} + "'";
}

bool isPrintable(char c) noexcept
{
    return c > ' ' && c < '\x7f';
}

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
        return wrong("port " + quoted(text) + " is not a number from 1 to 65535");
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
        return wrong("an IPv6 address is written [ADDRESS]:PORT, not " + quoted(text));
    }
    const auto host = text.substr(1, close - 1);
    if (host.find(':') == std::string_view::npos || !std::ranges::all_of(host, isIpv6Character)) {
        return wrong("host " + quoted(host) + " is no IPv6 address");
    }
    return HostAndPort{host, text.substr(close + 2)};
}

Result<HostAndPort> splitPlain(std::string_view text)
{
    const auto colon = text.find(':');
    if (colon == std::string_view::npos) {
        return wrong("port is missing after " + quoted(text));
    }
    const auto host = text.substr(0, colon);
    if (text.find(':', colon + 1) != std::string_view::npos) {
        return wrong("an IPv6 address needs brackets: " + quoted(text));
    }
    if (host.empty() || !std::ranges::all_of(host, isHostCharacter)) {
        return wrong("host " + quoted(host) + " is neither a name nor an address");
    }
    return HostAndPort{host, text.substr(colon + 1)};
}

Result<DeviceAddress> parseTcp(std::string_view rest)
{
    TRY_ASSIGN(const auto parts, rest.starts_with('[') ? splitBracketed(rest) : splitPlain(rest));
    if (parts.host.size() > kLongestHost) {
        return wrong("host is longer than 253 characters");
    }
    TRY_ASSIGN(const auto port, parsePort(parts.port));
    return DeviceAddress{TcpAddress{std::string{parts.host}, port}};
}

/// No "..", "." or empty part: the path names what it says and stays below /dev.
bool hasPlainParts(std::string_view path) noexcept
{
    while (!path.empty()) {
        const auto slash = std::min(path.find('/'), path.size());
        const auto part = path.substr(0, slash);
        if (part.empty() || part == "." || part == "..") {
            return false;
        }
        path.remove_prefix(std::min(slash + 1, path.size()));
    }
    return true;
}

Result<DeviceAddress> parseDeviceNode(std::string_view path)
{
    constexpr std::string_view kBelow = "/dev/";
    if (!path.starts_with(kBelow) || path.size() == kBelow.size() || path.ends_with('/') ||
        !hasPlainParts(path.substr(kBelow.size()))) {
        return wrong("path " + quoted(path) + " is not a device below /dev");
    }
    return DeviceAddress{DeviceNodeAddress{std::string{path}}};
}

} // namespace

Result<DeviceAddress> parseDeviceAddress(std::string_view text)
{
    if (text.size() > kLongestAddress) {
        return wrong("longer than 512 characters");
    }
    if (!std::ranges::all_of(text, isPrintable)) {
        return wrong("holds a space, a control character or one that is not ASCII");
    }
    const auto end = text.find(kSchemeEnd);
    if (end == std::string_view::npos) {
        return wrong(quoted(text) + " has no scheme; write tcp://HOST:PORT or dev:///dev/tpmrm0");
    }
    const auto scheme = text.substr(0, end);
    const auto rest = text.substr(end + kSchemeEnd.size());
    if (scheme == "tcp") {
        return parseTcp(rest);
    }
    if (scheme == "dev") {
        return parseDeviceNode(rest);
    }
    if (std::ranges::find(kSchemesToCome, scheme) != kSchemesToCome.end()) {
        return wrong("scheme " + quoted(scheme) + " is not built into this version; use tcp or dev");
    }
    return wrong("scheme " + quoted(scheme) + " is unknown; use tcp or dev");
}

std::string toText(const DeviceAddress& address)
{
    if (const auto* node = std::get_if<DeviceNodeAddress>(&address)) {
        return "dev://" + node->path;
    }
    const auto& tcp = std::get<TcpAddress>(address);
    const bool ipv6 = tcp.host.find(':') != std::string::npos;
    return "tcp://" + (ipv6 ? "[" + tcp.host + "]" : tcp.host) + ":" + std::to_string(tcp.port);
}

std::string_view schemeOf(const DeviceAddress& address) noexcept
{
    return std::holds_alternative<TcpAddress>(address) ? "tcp" : "dev";
}

} // namespace enroll::transport
