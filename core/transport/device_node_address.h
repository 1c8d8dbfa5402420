#pragma once

#include "core/base/result.h"

#include <string>
#include <string_view>

namespace enroll::transport {

/// `dev:///dev/tpmrm0`: a TPM on this machine.
struct DeviceNodeAddress {
    std::string path; ///< absolute, below /dev
    bool operator==(const DeviceNodeAddress&) const = default;
};

/// Reads the path of a device below /dev. Error S-331 for any other path.
Result<DeviceNodeAddress> parseDeviceNodeAddress(std::string_view path);

/// What parseDeviceNodeAddress() reads back.
std::string deviceNodeAddressText(const DeviceNodeAddress& address);

} // namespace enroll::transport
