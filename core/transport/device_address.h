#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace enroll::transport {

/// `tcp://HOST:PORT`: raw TPM commands and responses on a stream.
struct TcpAddress {
    std::string host; ///< name, IPv4, or IPv6 without its brackets
    std::uint16_t port = 0;
    bool operator==(const TcpAddress&) const = default;
};

/// `dev:///dev/tpmrm0`: a TPM on this machine.
struct DeviceNodeAddress {
    std::string path; ///< absolute, below /dev
    bool operator==(const DeviceNodeAddress&) const = default;
};

/// Where a TPM is. A further transport is a further alternative here, one parser and one channel.
using DeviceAddress = std::variant<TcpAddress, DeviceNodeAddress>;

/// Errors S-331 naming the part that is wrong; nothing is opened. tls, serial and ssh are known but not built in: the
/// error says so.
Result<DeviceAddress> parseDeviceAddress(std::string_view text);

/// The canonical text; parsing it gives the same address back.
std::string toText(const DeviceAddress& address);

/// "tcp" or "dev": the word a profile's allow-list uses.
std::string_view schemeOf(const DeviceAddress& address) noexcept;

} // namespace enroll::transport
