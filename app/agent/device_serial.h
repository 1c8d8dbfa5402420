#pragma once

#include "core/base/result.h"

#include <filesystem>
#include <span>
#include <string>

namespace enroll::app::agent {

/// The serial number that a file holds, without the white space and the zeros around it, as it may be announced
/// (tpm::mayBeAnnouncedSerial()).
/// \par Errors   S-333 naming \p file: it cannot be read; S-335: what it holds is no serial number
Result<std::string> readSerialNumber(const std::filesystem::path& file);

/// Where the firmware's serial number stands: of a PC (DMI, which root alone may read), and of a board with a device
/// tree.
/// \par Source   Linux, Documentation/ABI/testing/sysfs-class-dmi (product_serial) and sysfs-firmware-ofw; Devicetree
///               Specification, "Root node" (serial-number)
std::span<const std::filesystem::path> firmwareSerialFiles();

/// The first serial number that one of \p files has; empty if none does, or what makers of boards write where they wrote
/// none ("Default string").
std::string serialNumberOfFirmware(std::span<const std::filesystem::path> files);

} // namespace enroll::app::agent
