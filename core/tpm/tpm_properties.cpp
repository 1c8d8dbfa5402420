#include "core/tpm/tpm_properties.h"

#include "core/base/device_code.h"

#include <algorithm>

namespace enroll::tpm {
namespace {

constexpr std::size_t kDefaultNvBuffer = 512;

/// The highest property of each group that anything here looks at.
constexpr std::uint32_t kLastFixed = TPM2_PT_NV_BUFFER_MAX;
constexpr std::uint32_t kLastVariable = TPM2_PT_MAX_AUTH_FAIL;

/// Asks for the properties from \p first on, as many as one answer holds: both groups fit. The TPM may answer with
/// another capability than asked: the union of the structure must not be read then.
Result<EsysPtr<TPMS_CAPABILITY_DATA>> ask(EsysContext& context, std::uint32_t first, SaltedSession* session)
{
    TRY_ASSIGN(const auto covered, session == nullptr ? Result<ESYS_TR>{ESYS_TR_NONE} : session->auditing());
    TPMS_CAPABILITY_DATA* data = nullptr;
    const auto asked = Esys_GetCapability(context.get(), covered, ESYS_TR_NONE, ESYS_TR_NONE, TPM2_CAP_TPM_PROPERTIES,
                                          first, TPM2_MAX_TPM_PROPERTIES, nullptr, &data);
    EsysPtr<TPMS_CAPABILITY_DATA> owned{data};
    TRY(checkInSession(context, asked, "TPM2_GetCapability", session == nullptr ? 0 : 1));
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

/// A TPM that does not say is taken for one that has everything switched on: its refusals will tell.
TPMA_STARTUP_CLEAR startupClearOf(const TpmProperties& properties)
{
    return properties.contains(TPM2_PT_STARTUP_CLEAR) ? valueOf(properties, TPM2_PT_STARTUP_CLEAR) : ~0U;
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

/// What to ask for once everything up to \p highest came, or nothing did from \p first on. Chips that answer with one
/// group at a time are asked for the second by its own beginning.
std::uint32_t following(std::uint32_t first, std::uint32_t highest) noexcept
{
    const bool fixedDone = highest < first || highest >= kLastFixed;
    return fixedDone && highest < TPM2_PT_VAR ? TPM2_PT_VAR : highest + 1;
}

} // namespace

Result<TpmProperties> readProperties(EsysContext& context, SaltedSession* session)
{
    TpmProperties properties;
    for (std::uint32_t first = TPM2_PT_FIXED; first <= kLastVariable;) {
        TRY_ASSIGN(const auto data, ask(context, first, session));
        // Cut: a device may name any property, and from 0xFFFFFFFF the next one would be 0, without an end.
        const auto highest = std::min(take(data->data.tpmProperties, first, properties), kLastVariable);
        if (highest < first && first >= TPM2_PT_VAR) {
            break;
        }
        first = following(first, highest);
    }
    if (!properties.contains(TPM2_PT_MANUFACTURER)) {
        return makeError(DeviceCode::NoTpmAnswers, "the answer names no TPM manufacturer", "TPM2_GetCapability");
    }
    return properties;
}

attestation::TpmState stateOf(const TpmProperties& properties)
{
    const auto permanent = valueOf(properties, TPM2_PT_PERMANENT);
    const auto startup = startupClearOf(properties);
    // TPMA_PERMANENT has no bit for the platform's password: TPM2_Startup(CLEAR) empties it and each firmware sets it anew.
    // Only where it is asked for does it show, and is named there (nv_reader). Source: TPM 2.0 Library Part 2, "TPMA_PERMANENT"; Part 1,
    // "Platform Controls".
    const auto set = [permanent](TPMA_PERMANENT bit) { return (permanent & bit) != 0; };
    attestation::TpmState state;
    state.ownerPassword = set(TPMA_PERMANENT_OWNERAUTHSET);
    state.endorsementPassword = set(TPMA_PERMANENT_ENDORSEMENTAUTHSET);
    state.lockoutPassword = set(TPMA_PERMANENT_LOCKOUTAUTHSET);
    state.lockedOut = set(TPMA_PERMANENT_INLOCKOUT);
    state.seedMadeByTpm = set(TPMA_PERMANENT_TPMGENERATEDEPS);
    state.storageHierarchyOff = (startup & TPMA_STARTUP_CLEAR_SHENABLE) == 0;
    state.endorsementHierarchyOff = (startup & TPMA_STARTUP_CLEAR_EHENABLE) == 0;
    state.failedTries = valueOf(properties, TPM2_PT_LOCKOUT_COUNTER);
    state.triesAllowed = valueOf(properties, TPM2_PT_MAX_AUTH_FAIL);
    return state;
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

bool loadsNoSession(const TpmProperties& properties)
{
    return properties.contains(TPM2_PT_HR_LOADED) && valueOf(properties, TPM2_PT_HR_LOADED) == 0;
}

bool switchesPlatformIndicesOff(const TpmProperties& properties)
{
    return (startupClearOf(properties) & TPMA_STARTUP_CLEAR_PHENABLENV) == 0;
}

std::size_t nvBufferSize(const TpmProperties& properties)
{
    const auto size = valueOf(properties, TPM2_PT_NV_BUFFER_MAX);
    return size == 0 ? kDefaultNvBuffer : size;
}

} // namespace enroll::tpm
