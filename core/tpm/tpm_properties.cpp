#include "core/tpm/tpm_properties.h"

#include "core/base/device_code.h"

#include <algorithm>

namespace enroll::tpm {
namespace {

constexpr std::size_t kDefaultNvBuffer = 512;
constexpr std::uint32_t kLast = TPM2_PT_NV_BUFFER_MAX; // the highest that anything here asks for

/// Asks for the properties from \p first to kLast. The TPM may answer with another capability than asked: the union of
/// the structure must not be read then.
Result<EsysPtr<TPMS_CAPABILITY_DATA>> askFrom(EsysContext& context, std::uint32_t first)
{
    TPMS_CAPABILITY_DATA* data = nullptr;
    const auto asked = Esys_GetCapability(context.get(), ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE,
                                          TPM2_CAP_TPM_PROPERTIES, first, kLast - first + 1, nullptr, &data);
    EsysPtr<TPMS_CAPABILITY_DATA> owned{data};
    TRY(context.check(asked, "TPM2_GetCapability"));
    if (owned->capability != TPM2_CAP_TPM_PROPERTIES) {
        return makeError(DeviceCode::TpmResponseMalformed,
                         "the TPM was asked for properties and returned another capability", "TPM2_GetCapability");
    }
    return owned;
}

/// Stores the properties of \p list. Returns the highest of them, or \p first - 1 if none is \p first or above.
std::uint32_t take(const TPML_TAGGED_TPM_PROPERTY& list, std::uint32_t first, TpmProperties& properties)
{
    auto highest = first - 1;
    for (const auto& [property, value] :
         std::span{list.tpmProperty, std::min<std::size_t>(list.count, TPM2_MAX_TPM_PROPERTIES)}) {
        properties[property] = value;
        highest = std::max(highest, property);
    }
    return highest;
}

std::uint32_t valueOf(const TpmProperties& properties, std::uint32_t property)
{
    const auto found = properties.find(property);
    return found == properties.end() ? 0 : found->second;
}

/// A property holds four characters, the first in its highest byte.
void appendCharacters(std::string& text, std::uint32_t value)
{
    for (int shift = 24; shift >= 0; shift -= 8) {
        const auto c = static_cast<char>((value >> static_cast<unsigned>(shift)) & 0xFFU);
        text += c == '\0' || (c >= ' ' && c <= '~') ? c : '?';
    }
}

std::string cleaned(std::string text)
{
    std::erase(text, '\0');
    text.erase(text.find_last_not_of(' ') + 1);
    return text;
}

std::string textOf(const TpmProperties& properties, std::uint32_t first, std::uint32_t last)
{
    std::string text;
    for (auto property = first; property <= last; ++property) {
        appendCharacters(text, valueOf(properties, property));
    }
    return cleaned(std::move(text));
}

/// The upper and the lower 16 bits, in decimal: a version word of the TPM.
std::string halves(std::uint32_t value)
{
    return std::to_string(value >> 16U) + "." + std::to_string(value & 0xFFFFU);
}

} // namespace

Result<TpmProperties> readFixedProperties(EsysContext& context)
{
    TpmProperties properties;
    for (std::uint32_t next = TPM2_PT_FIXED; next <= kLast;) {
        TRY_ASSIGN(const auto data, askFrom(context, next));
        // Cut to kLast: a device may name any property, and from 0xFFFFFFFF the next one would be 0, without an end.
        const auto highest = std::min<std::uint32_t>(take(data->data.tpmProperties, next, properties), kLast);
        if (highest < next) {
            break;
        }
        next = highest + 1;
    }
    if (!properties.contains(TPM2_PT_MANUFACTURER)) {
        return makeError(DeviceCode::NoTpmAnswers, "the answer names no TPM manufacturer", "TPM2_GetCapability");
    }
    return properties;
}

attestation::TpmIdentity identityOf(const TpmProperties& properties)
{
    attestation::TpmIdentity identity;
    identity.manufacturerId = valueOf(properties, TPM2_PT_MANUFACTURER);
    identity.manufacturer = textOf(properties, TPM2_PT_MANUFACTURER, TPM2_PT_MANUFACTURER);
    identity.vendorString = textOf(properties, TPM2_PT_VENDOR_STRING_1, TPM2_PT_VENDOR_STRING_4);
    identity.firmware = halves(valueOf(properties, TPM2_PT_FIRMWARE_VERSION_1)) + "." +
                        halves(valueOf(properties, TPM2_PT_FIRMWARE_VERSION_2));
    identity.specRevision = valueOf(properties, TPM2_PT_REVISION);
    identity.software = attestation::looksLikeSoftwareTpm(identity.manufacturerId, identity.vendorString);
    return identity;
}

std::size_t nvBufferSize(const TpmProperties& properties)
{
    const auto size = valueOf(properties, TPM2_PT_NV_BUFFER_MAX);
    return size == 0 ? kDefaultNvBuffer : size;
}

} // namespace enroll::tpm
