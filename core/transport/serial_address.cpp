#include "core/transport/serial_address.h"

#include "core/base/text.h"
#include "core/transport/address_fault.h"
#include "core/transport/device_node_address.h"

#include <algorithm>
#include <vector>

namespace enroll::transport {
namespace {

constexpr std::string_view kRateIs = "baud=";

Result<std::uint32_t> parseRate(std::string_view text)
{
    // As it is written alone: with a zero or a plus before it, it would be a second way to write one device.
    const auto rate =
        std::ranges::find_if(kSerialRates, [text](std::uint32_t known) { return std::to_string(known) == text; });
    if (rate != kSerialRates.end()) {
        return *rate;
    }
    std::vector<std::string> rates;
    std::ranges::transform(kSerialRates, std::back_inserter(rates),
                           [](std::uint32_t known) { return std::to_string(known); });
    return addressFault("baud rate " + quoted(text) + " is none of " + joined(rates));
}

} // namespace

Result<SerialAddress> serialAddressAt(std::string_view path, std::string_view baud)
{
    TRY_ASSIGN(auto node, parseDeviceNodeAddress(path));
    if (path.find('?') != std::string_view::npos) { // it could not be written as an address
        return addressFault("path " + quoted(path) + " holds a question mark");
    }
    TRY_ASSIGN(const auto rate, parseRate(baud));
    return SerialAddress{std::move(node.path), rate};
}

Result<SerialAddress> parseSerialAddress(std::string_view text)
{
    const auto mark = text.find('?');
    const auto path = text.substr(0, mark);
    if (mark == std::string_view::npos) {
        return serialAddressAt(path, std::to_string(SerialAddress{}.baud));
    }
    const auto query = text.substr(mark + 1);
    const auto more = query.find('&');
    if (!query.starts_with(kRateIs)) {
        return addressFault("behind the path stands " + quoted(query) + "; only ?baud=RATE may stand there");
    }
    if (more != std::string_view::npos) {
        return addressFault("behind the baud rate stands " + quoted(query.substr(more)) +
                            "; only ?baud=RATE may stand behind the path");
    }
    return serialAddressAt(path, query.substr(kRateIs.size()));
}

std::string serialAddressText(const SerialAddress& address)
{
    return address.path + "?" + std::string{kRateIs} + std::to_string(address.baud);
}

} // namespace enroll::transport
