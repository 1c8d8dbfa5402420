// Device addresses: what is accepted is written and read back the same, and a device stays below /dev.

#include "core/base/bytes.h"
#include "core/transport/device_address.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace enroll;
    const auto address = transport::parseDeviceAddress(asText(std::as_bytes(std::span{data, size})));
    if (!address) {
        return 0;
    }
    const auto again = transport::parseDeviceAddress(transport::toText(*address));
    if (!again || *again != *address) {
        std::abort();
    }
    const auto* node = std::get_if<transport::DeviceNodeAddress>(&*address);
    const auto* line = std::get_if<transport::SerialAddress>(&*address);
    const auto path = node != nullptr ? node->path : line != nullptr ? line->path : std::string{"/dev/"};
    if (!(path + "/").starts_with("/dev/")) {
        std::abort();
    }
    if ((path + "/").find("/../") != std::string::npos) {
        std::abort();
    }
    return 0;
}
