#include "core/attestation/tpm_identity.h"

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
constexpr std::array<std::string_view, 2> kVirtualVendorStrings{"SWTPM", "fTPM"}; // compared without spaces
constexpr std::uint32_t kIbmSimulator = 0x49424D20;

std::string fourLetters(std::uint32_t id)
{
    std::string text;
    for (const unsigned shift : {24U, 16U, 8U, 0U}) {
        if (const auto letter = static_cast<char>((id >> shift) & 0xFFU); letter != '\0' && letter != ' ') {
            text.push_back(letter);
        }
    }
    return text;
}

std::string withoutSpaces(std::string_view text)
{
    std::string out;
    std::ranges::copy_if(text, std::back_inserter(out), [](char c) { return c != ' '; });
    return out;
}

} // namespace

bool looksLikeSoftwareTpm(std::uint32_t manufacturerId, const std::string& vendorString) noexcept
{
    const auto maker = fourLetters(manufacturerId);
    const auto vendor = withoutSpaces(vendorString);
    return manufacturerId == kIbmSimulator || std::ranges::find(kVirtualMakers, maker) != kVirtualMakers.end() ||
           std::ranges::any_of(kVirtualPrefixes, [&](auto prefix) { return maker.starts_with(prefix); }) ||
           std::ranges::any_of(kVirtualVendorStrings,
                               [&](auto text) { return vendor.find(text) != std::string::npos; });
}

} // namespace enroll::attestation
