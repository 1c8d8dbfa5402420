#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace enroll::attestation {

/// The version of a TPM's firmware: four numbers, the most significant first. Compares as a version does.
/// Source: TPM 2.0 Library Part 2, "TPM_PT", TPM_PT_FIRMWARE_VERSION_1 and _2, each in halves.
using FirmwareVersion = std::array<std::uint16_t, 4>;

/// Reads one to four decimal numbers with dots between them; those that are left out are 0. Nothing if it is no version.
std::optional<FirmwareVersion> firmwareVersion(std::string_view text);

/// "7.62": without the zeros at the end, but at least two numbers.
std::string firmwareText(const FirmwareVersion& version);

/// The oldest firmware that is wanted of a maker, by the maker's name as TpmIdentity has it.
using OldestFirmware = std::map<std::string, FirmwareVersion, std::less<>>;

} // namespace enroll::attestation
