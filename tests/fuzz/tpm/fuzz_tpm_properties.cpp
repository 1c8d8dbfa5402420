#include "core/tpm/tpm_properties.h"

#include <algorithm>
#include <cstdlib>

namespace {

bool isPrintable(const std::string& text)
{
    return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

} // namespace

/// Whatever a device says of itself, what is shown and recorded of it is plain text.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace enroll;
    tpm::TpmProperties properties;
    ByteReader reader{std::as_bytes(std::span{data, size})};
    constexpr std::size_t kEntry = 5; // the number, of which one byte tells them apart here, and the value
    while (reader.remaining() >= kEntry) {
        const auto property = TPM2_PT_FIXED + reader.u8("property").value();
        properties[property] = reader.u32("value").value();
    }
    const auto identity = tpm::identityOf(properties);
    if (!isPrintable(identity.manufacturer) || identity.manufacturer.size() > 4 ||
        !isPrintable(identity.vendorString) || !isPrintable(identity.firmware) || tpm::nvBufferSize(properties) == 0) {
        std::abort();
    }
    return 0;
}
