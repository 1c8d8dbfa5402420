#pragma once

#include <cstdint>
#include <string>

namespace enroll::attestation {

/// What a TPM reports of itself. A hostile device can report anything, so it may cause warnings, and proves nothing.
/// Source: TPM 2.0 Library Part 2, "TPM_PT" (fixed properties).
struct TpmIdentity {
    std::string manufacturer; ///< "IFX": trailing NULs and spaces removed, unprintable characters as '?'
    std::uint32_t manufacturerId = 0;
    std::string vendorString;       ///< "SLB9670", cleaned likewise
    std::string firmware;           ///< "7.85.4555.0": four 16-bit numbers
    std::uint32_t specRevision = 0; ///< 138
    bool software = false;          ///< looksLikeSoftwareTpm()
    bool operator==(const TpmIdentity&) const = default;
};

/// True for the manufacturer and vendor strings of libtpms/swtpm, reference simulators and cloud virtual TPMs.
bool looksLikeSoftwareTpm(std::uint32_t manufacturerId, const std::string& vendorString) noexcept;

} // namespace enroll::attestation
