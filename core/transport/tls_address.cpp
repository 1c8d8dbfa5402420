#include "core/transport/tls_address.h"

#include "core/base/host_text.h"
#include "core/base/text.h"
#include "core/transport/address_fault.h"

namespace enroll::transport {
namespace {

constexpr std::string_view kNameIs = "name=";
constexpr std::string_view kAlsoInNames{"_"}; // as hosts may have it

Result<std::string> parseName(std::string_view query)
{
    if (!query.starts_with(kNameIs)) {
        return addressFault("behind the port stands " + quoted(query) + "; only ?name=NAME may stand there");
    }
    const auto name = query.substr(kNameIs.size());
    if (!isHostName(name, kAlsoInNames)) {
        return addressFault("name " + quoted(name) + " is no host name");
    }
    return asciiLowered(name);
}

} // namespace

Result<TlsAddress> parseTlsAddress(std::string_view text)
{
    const auto mark = text.find('?');
    TRY_ASSIGN(auto place, parseTcpAddress(text.substr(0, mark)));
    TlsAddress address{std::move(place), {}};
    if (mark == std::string_view::npos) {
        return address;
    }
    TRY_ASSIGN(auto name, parseName(text.substr(mark + 1)));
    if (name !=
        expectedName(address)) { // one that says what holds without it would be a second way to write one device
        address.name = std::move(name);
    }
    return address;
}

std::string tlsAddressText(const TlsAddress& address)
{
    auto text = tcpAddressText(address.place);
    if (!address.name.empty()) {
        text.append("?").append(kNameIs).append(address.name);
    }
    return text;
}

std::string expectedName(const TlsAddress& address)
{
    if (!address.name.empty()) {
        return address.name;
    }
    auto host = address.place.host.substr(0, address.place.host.find('%'));
    if (host.ends_with('.')) {
        host.pop_back();
    }
    return host;
}

} // namespace enroll::transport
