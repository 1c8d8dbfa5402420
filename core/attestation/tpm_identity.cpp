#include "core/attestation/tpm_identity.h"

#include "core/attestation/certified_maker.h"
#include "core/base/text.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace enroll::attestation {
namespace {

/// Makers whose TPMs are programs: clouds, hypervisors, and the reference simulators' own ids.
/// Source: TCG Vendor ID Registry (SIM0..7 and TST0..7 stand for simulators and tests).
constexpr std::array<std::string_view, 4> kVirtualMakers{"AMZN", "VMW", "GOOG", "PRLS"};
constexpr std::array<std::string_view, 2> kVirtualPrefixes{"SIM", "TST"};
/// "IBM\0" with "SW TPM" is libtpms; "IBM " and "xCG fTPM" is the reference implementation; "SSE fTPM" is a firmware
/// TPM built from it.
constexpr std::array<std::string_view, 2> kVirtualVendorStrings{"swtpm", "ftpm"}; // without spaces, in lower case
constexpr std::uint32_t kIbmSimulator = 0x49424D20;

std::string withoutSpaces(std::string_view text)
{
    std::string out;
    std::ranges::copy_if(text, std::back_inserter(out), [](char c) { return c != ' '; });
    return asciiLowered(out);
}

} // namespace

bool looksLikeSoftwareTpm(std::uint32_t manufacturerId, const std::string& vendorString) noexcept
{
    const auto maker = manufacturerText(manufacturerId);
    const auto vendor = withoutSpaces(vendorString);
    return manufacturerId == kIbmSimulator || std::ranges::find(kVirtualMakers, maker) != kVirtualMakers.end() ||
           std::ranges::any_of(kVirtualPrefixes, [&](auto prefix) { return maker.starts_with(prefix); }) ||
           std::ranges::any_of(kVirtualVendorStrings,
                               [&](auto text) { return vendor.find(text) != std::string::npos; });
}

} // namespace enroll::attestation
