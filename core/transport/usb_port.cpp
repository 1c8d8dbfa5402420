#include "core/transport/usb_port.h"

#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "core/transport/device_address.h"
#include "core/transport/udev_ptr.h"

#include <algorithm>
#include <charconv>
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

/// What \p attribute of \p device holds as a number, as the kernel writes one; nothing where it holds anything else.
std::optional<int> numberOf(udev_device* device, const char* attribute, int base = 10)
{
    const auto text = device != nullptr ? textOf(udev_device_get_sysattr_value(device, attribute)) : std::string{};
    int number = 0;
    const auto* const end = text.data() + text.size();
    const auto [stopped, fault] = std::from_chars(text.data(), end, number, base);
    return fault == std::errc{} && stopped == end ? std::optional{number} : std::nullopt;
}

/// A line or a TPM at a USB port. What goes first is taken first.
struct Offered {
    std::string port;
    bool isLine = false;
    int interface = 0; ///< of the device, which numbers its own
    int line = 0;      ///< of an interface that has several
    std::string node;
    std::string device; ///< the number that the kernel gave it
    auto operator<=>(const Offered&) const = default;
};

bool canBeWritten(const DeviceAddress& address)
{
    const auto again = parseDeviceAddress(toText(address));
    return again.ok() && *again == address;
}

/// Nothing of what hangs at no USB device, as the lines of the machine itself, and of what no address may name: the names are the
/// kernel's, and rules of udev's may change them.
std::optional<Offered> offered(udev_device* device)
{
    // A parent belongs to its child.
    auto* plugged = udev_device_get_parent_with_subsystem_devtype(device, "usb", "usb_device");
    const auto node = textOf(udev_device_get_devnode(device));
    if (plugged == nullptr) {
        return std::nullopt;
    }
    const auto port = textOf(udev_device_get_sysname(plugged));
    if (!canBeWritten(UsbAddress{port}) || !canBeWritten(SerialAddress{node})) {
        return std::nullopt;
    }
    auto* interface = udev_device_get_parent_with_subsystem_devtype(device, "usb", "usb_interface");
    return Offered{port,
                   textOf(udev_device_get_subsystem(device)) == kLines,
                   numberOf(interface, "bInterfaceNumber", 16).value_or(0),
                   numberOf(udev_device_get_parent(device), "port_number").value_or(0),
                   node,
                   textOf(udev_device_get_sysattr_value(plugged, "devnum"))};
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

UdevDevicePtr deviceIn(udev* context, const std::string& port)
{
    return UdevDevicePtr{udev_device_new_from_subsystem_sysname(context, "usb", port.c_str())};
}

/// Why the machine has no such port; nothing where it has.
std::optional<std::string> whyNoPort(udev* context, const std::string& port)
{
    const auto dot = port.find_last_of("-.");
    const auto before = port.substr(0, dot);
    const bool isOfBus = port[dot] == '-';
    const auto hub = deviceIn(context, isOfBus ? "usb" + before : before);
    if (!hub) {
        return isOfBus ? "there is no USB bus " + before : "nothing is plugged into the USB port " + before;
    }
    const auto ports = numberOf(hub.get(), "maxchild");
    if (!ports || std::stoi(port.substr(dot + 1)) <= *ports) {
        return std::nullopt;
    }
    const auto owner = isOfBus ? "USB bus " + before : "what is plugged into the USB port " + before;
    return owner + (*ports <= 0 ? " is no hub" : " has the ports 1 to " + std::to_string(*ports));
}

/// Why nothing is offered at \p port. A device that was not plugged in looks like no device; a hub is the station's own.
Error noOffer(udev* context, const std::string& port)
{
    if (deviceIn(context, port)) {
        return makeError(DeviceCode::NoTpmAnswers,
                         "what is plugged into the USB port " + port + " offers no serial line and no TPM", "udev");
    }
    if (const auto why = whyNoPort(context, port)) {
        return makeError(StationCode::StationCannotReachPort,
                         "the USB port " + port + " does not exist, because " + *why +
                             ": connect the hub, or correct the port",
                         "udev");
    }
    return makeError(DeviceCode::NoTpmAnswers, "nothing is plugged into the USB port " + port, "udev");
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
    return noOffer(context.get(), address.port);
}

bool isUnplugged(const UsbAddress& address)
{
    const UdevPtr context{udev_new()};
    return context && !deviceIn(context.get(), address.port);
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
