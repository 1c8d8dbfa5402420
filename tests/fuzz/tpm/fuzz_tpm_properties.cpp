#include "core/tpm/tpm_properties.h"

#include <algorithm>
#include <cstdlib>

namespace {

bool isPrintable(const std::string& text)
{
    return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

} // namespace

/// Whatever a device says of itself, what is shown and recorded of it is plain text, and who has a password is told by
/// name where a password is said to be set.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace enroll;
    tpm::TpmProperties properties;
    ByteReader reader{std::as_bytes(std::span{data, size})};
    constexpr std::size_t kEntry = 6;        // the number, counted from the first property, and the value
    constexpr std::uint32_t kGroups = 0x1FF; // both groups, and nothing beyond them
    while (reader.remaining() >= kEntry) {
        const auto property = TPM2_PT_FIXED + (reader.u16("property").value() & kGroups);
        properties[property] = reader.u32("value").value();
    }
    const auto identity = tpm::identityOf(properties);
    if (!isPrintable(identity.manufacturer) || identity.manufacturer.size() > 4 ||
        !isPrintable(identity.vendorString) || !isPrintable(identity.firmware) || tpm::nvBufferSize(properties) == 0) {
        std::abort();
    }
    const auto state = tpm::stateOf(properties);
    const bool password = state.ownerPassword || state.endorsementPassword || state.lockoutPassword;
    if (password == attestation::passwordHolders(state).empty()) {
        std::abort();
    }
    return 0;
}
