// Device addresses: what is accepted is written and read back the same, a device stays below /dev, and what ssh is given is no option.

#include "core/base/bytes.h"
#include "core/transport/device_address.h"

#include <algorithm>
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
    const auto* login = std::get_if<transport::SshAddress>(&*address);
    if (login != nullptr &&
        (login->place.host.starts_with('-') || login->user.starts_with('-') || login->place.host.empty())) {
        std::abort();
    }
    if (login != nullptr && !std::ranges::all_of(login->command, [](char c) { return c >= ' ' && c <= '~'; })) {
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
