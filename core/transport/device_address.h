#pragma once

#include "core/transport/device_node_address.h"
#include "core/transport/serial_address.h"
#include "core/transport/ssh_address.h"
#include "core/transport/tcp_address.h"
#include "core/transport/tls_address.h"
#include "core/transport/usb_address.h"

#include <span>
#include <variant>

namespace enroll::transport {

/// Where a TPM is. Each transport has one alternative here and one row in transport_table.h.
using DeviceAddress = std::variant<TcpAddress, TlsAddress, SerialAddress, UsbAddress, SshAddress, DeviceNodeAddress>;

/// Reads "WORD://…", at most 512 printable ASCII characters. Only the text is judged; nothing is opened or looked up.
/// \par Errors   S-331 naming the part that is wrong; for an unknown word it lists the transports there are
Result<DeviceAddress> parseDeviceAddress(std::string_view text);

/// The address as text; parseDeviceAddress() gives the same address back.
std::string toText(const DeviceAddress& address);

/// True if both lead to the same device, as far as their texts tell: one line has one device, at whatever speed, and one relay at a
/// host, whoever logs in.
bool leadToOneDevice(const DeviceAddress& one, const DeviceAddress& other);

/// The word of the address's transport: "tcp" of "tcp://127.0.0.1:2321". A profile's allow-list names it.
std::string_view transportWord(const DeviceAddress& address) noexcept;

/// Whether an enroll-agent may relay the TPM at \p address, and say what device it is. Not of a node of this machine.
bool mayHaveAgent(const DeviceAddress& address) noexcept;

/// The words of every transport that this version can open.
std::span<const std::string_view> transportWords() noexcept;

} // namespace enroll::transport
