#include "app/arguments/listen_address.h"

#include "core/base/station_code.h"
#include "core/base/written_text.h"

#include <arpa/inet.h>
#include <charconv>

namespace enroll::app::arguments {
namespace {

Error invalid(const std::string& text, const char* why)
{
    return makeError(StationCode::UsageInvalid, quotedText(text) + ": " + why);
}

std::string withoutBrackets(const std::string& host)
{
    return host.starts_with('[') && host.ends_with(']') ? host.substr(1, host.size() - 2) : host;
}

bool isNumeric(const std::string& host) noexcept
{
    in6_addr address{}; // large enough for an IPv4 address, too
    const bool whole = host.find('\0') == std::string::npos;
    return whole &&
           (inet_pton(AF_INET, host.c_str(), &address) == 1 || inet_pton(AF_INET6, host.c_str(), &address) == 1);
}

} // namespace

Result<ListenAddress> parseListenAddress(const std::string& text)
{
    const auto colon = text.rfind(':');
    if (colon == std::string::npos || colon == 0) {
        return invalid(text, "the address to listen on must be HOST:PORT");
    }
    ListenAddress address{withoutBrackets(text.substr(0, colon)), 0};
    const auto* begin = text.data() + colon + 1;
    const auto* end = text.data() + text.size();
    const auto [stop, fault] = std::from_chars(begin, end, address.port);
    if (begin == end || stop != end || fault != std::errc{}) {
        return invalid(text, "the port is not a number from 0 to 65535");
    }
    if (address.host == "localhost") {
        address.host = "127.0.0.1";
    }
    if (!isNumeric(address.host)) {
        return invalid(text, "the host must be a numeric IPv4 or IPv6 address, or localhost");
    }
    return address;
}

} // namespace enroll::app::arguments
