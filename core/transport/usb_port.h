#pragma once

#include "core/transport/device_node_address.h"
#include "core/transport/usb_address.h"

#include <map>
#include <string>
#include <variant>

namespace enroll::transport {

/// By what a device that is plugged in lends its TPM: a serial line, or a TPM of this machine, as of an adapter.
using UsbOffer = std::variant<SerialAddress, DeviceNodeAddress>;

/// What the device in a USB port offers now, as udev knows it. A TPM goes before a line, and of several lines the first one of the
/// first interface is taken. What is plugged in behind a hub in this port is not in this port. What a device says of itself, as its
/// maker's name, is not read. Any thread; reads /sys, and waits for nobody.
/// \par Errors   D-101 (nothing is plugged in, or what is offers neither, as a device that still starts), S-321 (the machine has no
///               such port: its hub or bus is not there, or has fewer ports; udev cannot be asked)
Result<UsbOffer> offerAt(const UsbAddress& address);

/// True if nothing is plugged into the port, because it is empty or because there is no such port now, as when its hub was taken out.
bool isUnplugged(const UsbAddress& address);

/// The USB ports of this machine in which a device offers a line or a TPM now, each with the number that the kernel gave the device:
/// another one each time a device is plugged in. Error S-321 as offerAt()
Result<std::map<std::string, std::string>> usbPortsInUse();

} // namespace enroll::transport
