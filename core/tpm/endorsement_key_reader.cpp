#include "core/tpm/endorsement_key_reader.h"

#include "core/tpm/nv_reader.h"
#include "core/tpm/templates.h"

#include <algorithm>

namespace enroll::tpm {
namespace {

using attestation::EkTemplate;
using attestation::EndorsementKeyReading;

// Source: TCG EK Credential Profile, "NV Index Assignments": low range first, then the high range.
constexpr TPM2_HANDLE kRsa2048Certificate = 0x01C00002;
constexpr TPM2_HANDLE kRsa2048CertificateHigh = 0x01C00012;
constexpr TPM2_HANDLE kP256Certificate = 0x01C0000A;
constexpr TPM2_HANDLE kP256CertificateHigh = 0x01C00014;
constexpr TPM2_HANDLE kP384Certificate = 0x01C00016;
constexpr TPM2_HANDLE kP521Certificate = 0x01C00018;
constexpr TPM2_HANDLE kRsa3072Certificate = 0x01C0001C;
constexpr TPM2_HANDLE kRsa4096Certificate = 0x01C0001E;

// Source: TCG TPM v2.0 Provisioning Guidance, "Reserved handles": keys of the endorsement hierarchy.
constexpr TPM2_HANDLE kFirstEndorsementHandle = 0x81010000;
constexpr TPM2_HANDLE kLastEndorsementHandle = 0x8101FFFF;
constexpr UINT32 kMostPersistent = 64;

std::vector<TPM2_HANDLE> rsaCertificateIndices(UINT16 keyBits)
{
    switch (keyBits) {
    case 2048:
        return {kRsa2048Certificate, kRsa2048CertificateHigh};
    case 3072:
        return {kRsa3072Certificate};
    case 4096:
        return {kRsa4096Certificate};
    default:
        return {};
    }
}

std::vector<TPM2_HANDLE> eccCertificateIndices(TPM2_ECC_CURVE curve)
{
    switch (curve) {
    case TPM2_ECC_NIST_P256:
        return {kP256Certificate, kP256CertificateHigh};
    case TPM2_ECC_NIST_P384:
        return {kP384Certificate};
    case TPM2_ECC_NIST_P521:
        return {kP521Certificate};
    default:
        return {};
    }
}

std::vector<TPM2_HANDLE> certificateIndices(const TPMT_PUBLIC& key)
{
    return key.type == TPM2_ALG_RSA ? rsaCertificateIndices(key.parameters.rsaDetail.keyBits)
                                    : eccCertificateIndices(key.parameters.eccDetail.curveID);
}

Result<void> addCertificate(EsysContext& context, const TpmObject& key, std::size_t nvBuffer,
                            EndorsementKeyReading& reading)
{
    for (const auto index : certificateIndices(key.area.publicArea)) {
        if (auto content = TRY(readNv(context, index, nvBuffer))) {
            reading.certificateNv = std::move(content);
            reading.certificateIndex = index;
            return {};
        }
    }
    return {};
}

Result<EndorsementKeyReading> readingOf(EsysContext& context, const TpmObject& key, std::optional<TPM2_HANDLE> handle,
                                        EkTemplate templateKind, std::size_t nvBuffer)
{
    EndorsementKeyReading reading;
    reading.publicArea = TRY(marshalled(key.area));
    reading.source = {handle};
    reading.templateKind = templateKind;
    TRY(addCertificate(context, key, nvBuffer, reading));
    return reading;
}

Result<TpmObject> createEndorsementKey(EsysContext& context, const TPM2B_PUBLIC& templateArea)
{
    auto created = createPrimary(context, ESYS_TR_RH_ENDORSEMENT, templateArea);
    if (!created && created.error().code == ErrorCode::TpmRefusedCommand) {
        auto error = std::move(created).error();
        error.code = ErrorCode::EndorsementKeyUnusable; // a TPM that cannot make this key has none for us
        return error;
    }
    return created;
}

Result<LoadedEndorsementKey> makeDefaultKey(EsysContext& context, attestation::Persistence persistence,
                                            std::size_t nvBuffer)
{
    auto created = TRY(createEndorsementKey(context, tcgEndorsementKeyTemplate()));
    if (persistence == attestation::Persistence::PersistIfAbsent) {
        TRY(persist(context, created, kEndorsementKeyHandle));
    }
    auto reading = TRY(readingOf(context, created, std::nullopt, EkTemplate::TcgL1, nvBuffer));
    return LoadedEndorsementKey{std::move(created), std::move(reading)};
}

Result<std::vector<TPM2_HANDLE>> persistentEndorsementHandles(EsysContext& context)
{
    TPMS_CAPABILITY_DATA* data = nullptr;
    const auto asked = Esys_GetCapability(context.get(), ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, TPM2_CAP_HANDLES,
                                          kFirstEndorsementHandle, kMostPersistent, nullptr, &data);
    const EsysPtr<TPMS_CAPABILITY_DATA> owned{data};
    TRY(context.check(asked, "TPM2_GetCapability"));
    if (owned->capability != TPM2_CAP_HANDLES) {
        return makeError(ErrorCode::TpmResponseMalformed, "handles were asked, something else came",
                         "TPM2_GetCapability");
    }
    const auto& list = owned->data.handles;
    std::vector<TPM2_HANDLE> handles{list.handle, list.handle + std::min(list.count, kMostPersistent)};
    std::erase_if(handles, [](auto h) { return h < kFirstEndorsementHandle || h > kLastEndorsementHandle; });
    std::stable_partition(handles.begin(), handles.end(), [](auto h) { return h == kEndorsementKeyHandle; });
    return handles;
}

Result<std::vector<EndorsementKeyReading>> readPersistentKeys(EsysContext& context, std::size_t nvBuffer)
{
    std::vector<EndorsementKeyReading> readings;
    for (const auto handle : TRY(persistentEndorsementHandles(context))) {
        const auto found = TRY(readPersistent(context, handle));
        if (found && isRestrictedDecryptionKey(found->area)) {
            readings.push_back(TRY(readingOf(context, *found, handle, EkTemplate::Unknown, nvBuffer)));
        }
    }
    return readings;
}

/// Makes the key of a template: a persistent key that is the same was made from it too; otherwise it is one more.
Result<void> addCreatedKey(EsysContext& context, EkTemplate templateKind, const TPM2B_PUBLIC& templateArea,
                           std::size_t nvBuffer, std::vector<EndorsementKeyReading>& readings)
{
    auto created = TRY(createEndorsementKey(context, templateArea));
    const auto area = TRY(marshalled(created.area));
    const auto same = std::ranges::find(readings, area, &EndorsementKeyReading::publicArea);
    if (same != readings.end()) {
        same->templateKind = templateKind;
        return created.handle.release();
    }
    readings.push_back(TRY(readingOf(context, created, std::nullopt, templateKind, nvBuffer)));
    return created.handle.release();
}

} // namespace

Result<LoadedEndorsementKey> readEndorsementKey(EsysContext& context, attestation::Persistence persistence,
                                                std::size_t nvBuffer)
{
    auto found = TRY(readPersistent(context, kEndorsementKeyHandle));
    if (!found) {
        return makeDefaultKey(context, persistence, nvBuffer);
    }
    if (!isRestrictedDecryptionKey(found->area)) {
        return makeError(ErrorCode::EndorsementKeyUnusable, "what is at 0x81010001 is no endorsement key",
                         "TPM2_ReadPublic");
    }
    auto reading = TRY(readingOf(context, *found, kEndorsementKeyHandle, EkTemplate::Unknown, nvBuffer));
    return LoadedEndorsementKey{std::move(*found), std::move(reading)};
}

Result<std::vector<EndorsementKeyReading>> readEveryEndorsementKey(EsysContext& context, std::size_t nvBuffer)
{
    auto readings = TRY(readPersistentKeys(context, nvBuffer));
    TRY(addCreatedKey(context, EkTemplate::TcgL1, tcgEndorsementKeyTemplate(), nvBuffer, readings));
    TRY(addCreatedKey(context, EkTemplate::AzureEmptyUnique, azureEndorsementKeyTemplate(), nvBuffer, readings));
    return readings;
}

} // namespace enroll::tpm
