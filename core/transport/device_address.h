#pragma once

#include "core/transport/device_node_address.h"
#include "core/transport/tcp_address.h"

#include <span>
#include <variant>

namespace enroll::transport {

/// Where a TPM is: one alternative a transport. What belongs to a transport stands in its row of transport_table.h.
using DeviceAddress = std::variant<TcpAddress, DeviceNodeAddress>;

/// Error S-331 naming the part that is wrong; nothing is opened. A transport that this version does not have is refused
/// with those that it has.
Result<DeviceAddress> parseDeviceAddress(std::string_view text);

/// The canonical text; parsing it gives the same address back.
std::string toText(const DeviceAddress& address);

/// The word of the address's transport: "tcp" of "tcp://127.0.0.1:2321". A profile's allow-list names it.
std::string_view transportWord(const DeviceAddress& address) noexcept;

/// The words of every transport that this version can open.
std::span<const std::string_view> transportWords() noexcept;

} // namespace enroll::transport
