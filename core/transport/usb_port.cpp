#include "core/transport/usb_port.h"

#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "core/transport/udev_ptr.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>

namespace enroll::transport {
namespace {

constexpr auto kLines = "tty";
constexpr auto kTpms = "tpmrm"; // behind the kernel's resource manager

std::string textOf(const char* text)
{
    return text != nullptr ? text : "";
}

/// A line or a TPM at a USB port. What goes first is taken first.
struct Offered {
    std::string port;
    bool isLine = false;
    std::string interface; ///< of the device, in two hexadecimal digits; empty where it is none
    std::string node;
    std::string device; ///< the number that the kernel gave it
    auto operator<=>(const Offered&) const = default;
};

/// Nothing of what hangs at no USB device, as the lines of the machine itself.
std::optional<Offered> offered(udev_device* device)
{
    // A parent belongs to its child.
    auto* plugged = udev_device_get_parent_with_subsystem_devtype(device, "usb", "usb_device");
    const auto node = textOf(udev_device_get_devnode(device));
    if (plugged == nullptr || node.empty()) {
        return std::nullopt;
    }
    auto* interface = udev_device_get_parent_with_subsystem_devtype(device, "usb", "usb_interface");
    return Offered{textOf(udev_device_get_sysname(plugged)), textOf(udev_device_get_subsystem(device)) == kLines,
                   interface != nullptr ? textOf(udev_device_get_sysattr_value(interface, "bInterfaceNumber")) : "",
                   node, textOf(udev_device_get_sysattr_value(plugged, "devnum"))};
}

Error noUdev()
{
    return makeError(StationCode::StationCannotReachPort, "udev cannot be asked what is plugged in", "libudev");
}

Result<std::set<Offered>> offeredBy(udev* context)
{
    const UdevEnumeratePtr search{udev_enumerate_new(context)};
    if (!search || udev_enumerate_add_match_subsystem(search.get(), kLines) < 0 ||
        udev_enumerate_add_match_subsystem(search.get(), kTpms) < 0 || udev_enumerate_scan_devices(search.get()) < 0) {
        return noUdev();
    }
    std::set<Offered> found;
    for (auto* entry = udev_enumerate_get_list_entry(search.get()); entry != nullptr;
         entry = udev_list_entry_get_next(entry)) {
        const UdevDevicePtr device{udev_device_new_from_syspath(context, udev_list_entry_get_name(entry))};
        if (!device) { // it was unplugged meanwhile
            continue;
        }
        if (auto one = offered(device.get())) {
            found.insert(std::move(*one));
        }
    }
    return found;
}

} // namespace

Result<UsbOffer> offerAt(const UsbAddress& address)
{
    const UdevPtr context{udev_new()};
    if (!context) {
        return noUdev();
    }
    TRY_ASSIGN(const auto found, offeredBy(context.get()));
    const auto first = std::ranges::find(found, address.port, &Offered::port);
    if (first != found.end()) {
        return first->isLine ? UsbOffer{SerialAddress{first->node, address.baud}}
                             : UsbOffer{DeviceNodeAddress{first->node}};
    }
    const UdevDevicePtr plugged{udev_device_new_from_subsystem_sysname(context.get(), "usb", address.port.c_str())};
    return makeError(DeviceCode::NoTpmAnswers,
                     plugged ? "what is plugged into the USB port " + address.port + " offers no serial line and no TPM"
                             : "nothing is plugged into the USB port " + address.port,
                     "udev");
}

Result<std::map<std::string, std::string>> usbPortsInUse()
{
    const UdevPtr context{udev_new()};
    if (!context) {
        return noUdev();
    }
    TRY_ASSIGN(const auto found, offeredBy(context.get()));
    std::map<std::string, std::string> ports;
    for (const auto& one : found) {
        ports.emplace(one.port, one.device);
    }
    return ports;
}

} // namespace enroll::transport
