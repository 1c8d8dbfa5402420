#include "core/transport/device_node_address.h"

#include "core/transport/address_fault.h"

#include <algorithm>

namespace enroll::transport {
namespace {

constexpr std::string_view kBelow = "/dev/";

/// True if no part is "..", "." or empty. A path with ".." could leave /dev.
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

} // namespace

Result<DeviceNodeAddress> parseDeviceNodeAddress(std::string_view path)
{
    if (!path.starts_with(kBelow) || path.size() == kBelow.size() || path.ends_with('/') ||
        !hasPlainParts(path.substr(kBelow.size()))) {
        return addressFault("path " + quoted(path) + " is not a device below /dev");
    }
    return DeviceNodeAddress{std::string{path}};
}

std::string deviceNodeAddressText(const DeviceNodeAddress& address)
{
    return address.path;
}

} // namespace enroll::transport
