#include "core/transport/usb_address.h"

#include "core/transport/address_fault.h"

#include <algorithm>

namespace enroll::transport {
namespace {

constexpr std::size_t kMostPorts = 6; ///< five hubs and the root hub. USB 2.0, section 4.1.1

/// A number as the kernel writes it, from 1 to 255.
bool isNumber(std::string_view text) noexcept
{
    const bool isShort = !text.empty() && text.size() <= 3 && text.front() != '0';
    return isShort && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; }) &&
           (text.size() < 3 || text <= "255");
}

bool isPort(std::string_view text) noexcept
{
    const auto bus = text.find('-');
    if (bus == std::string_view::npos || !isNumber(text.substr(0, bus))) {
        return false;
    }
    text.remove_prefix(bus + 1);
    for (std::size_t count = 0; count < kMostPorts; ++count) {
        const auto end = std::min(text.find('.'), text.size());
        if (!isNumber(text.substr(0, end))) {
            return false;
        }
        if (end == text.size()) {
            return true;
        }
        text.remove_prefix(end + 1);
    }
    return false;
}

} // namespace

Result<UsbAddress> parseUsbAddress(std::string_view text)
{
    const auto port = text.substr(0, text.find('?'));
    if (!isPort(port)) {
        return addressFault("USB port " + quoted(port) +
                            " is none: write the bus, a hyphen and the port, as in 1-4, or 1-1.4 behind a hub");
    }
    // What stands behind the port is what stands behind the path of a line.
    TRY_ASSIGN(const auto line, parseSerialAddress("/dev/line" + std::string{text.substr(port.size())}));
    return UsbAddress{std::string{port}, line.baud};
}

std::string usbAddressText(const UsbAddress& address)
{
    return address.port + "?baud=" + std::to_string(address.baud);
}

} // namespace enroll::transport
