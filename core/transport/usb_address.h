#pragma once

#include "core/transport/serial_address.h"

namespace enroll::transport {

/// `usb://1-1.4?baud=115200`: whatever device is plugged into a USB port of this machine. The port is told as the kernel tells it: the
/// number of the bus, and the ports from its root hub on, so that "1-1.4" is port 4 of the hub in port 1 of bus 1.
/// Source: Linux, Documentation/ABI/stable/sysfs-bus-usb
struct UsbAddress {
    std::string port;
    std::uint32_t baud = SerialAddress{}.baud; ///< of the line, where the device offers one; one of kSerialRates
    bool operator==(const UsbAddress&) const = default;
};

/// Reads "PORT" or "PORT?baud=RATE", as parseSerialAddress() does. Error S-331 naming the part that is wrong.
Result<UsbAddress> parseUsbAddress(std::string_view text);

/// What parseUsbAddress() reads back. Always with the rate.
std::string usbAddressText(const UsbAddress& address);

} // namespace enroll::transport
