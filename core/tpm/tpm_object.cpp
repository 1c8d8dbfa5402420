#include "core/tpm/tpm_object.h"

#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "core/tpm/response_code_table.h"

#include <tss2/tss2_mu.h>

namespace enroll::tpm {
namespace {

/// The template as tpm2-tss' structure, by way of its bytes: so that no field is copied by hand.
Result<TPM2B_PUBLIC> unmarshalled(const attestation::PublicArea& area)
{
    const auto bytes = attestation::marshalPublic(area);
    TPM2B_PUBLIC made{};
    std::size_t offset = 0;
    if (Tss2_MU_TPM2B_PUBLIC_Unmarshal(u8(bytes), bytes.size(), &offset, &made) != TSS2_RC_SUCCESS) {
        return makeError(StationCode::InternalFault, "the TPM library does not know this template",
                         "TPM2_CreatePrimary");
    }
    return made;
}

} // namespace

Result<std::optional<TpmObject>> readPersistent(EsysContext& context, TPM2_HANDLE handle)
{
    ESYS_TR reference = ESYS_TR_NONE;
    const auto found =
        Esys_TR_FromTPMPublic(context.get(), handle, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, &reference);
    if (found != TSS2_RC_SUCCESS) {
        auto error = context.errorOf(found, "TPM2_ReadPublic");
        if (hasResponseCode(error, rc::kHandle)) {
            return std::optional<TpmObject>{};
        }
        return error;
    }
    TransientHandle object{context, reference, OnRelease::Close}; // the object stays in the TPM; only ESYS forgets it
    TPM2B_PUBLIC* area = nullptr;
    const auto read =
        Esys_ReadPublic(context.get(), reference, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, &area, nullptr, nullptr);
    const EsysPtr<TPM2B_PUBLIC> owned{area};
    TRY(context.check(read, "TPM2_ReadPublic"));
    return std::optional{TpmObject{std::move(object), *owned}};
}

Result<TpmObject> createPrimary(EsysContext& context, ESYS_TR hierarchy, const attestation::PublicArea& templateArea)
{
    TRY_ASSIGN(const auto inPublic, unmarshalled(templateArea));
    const TPM2B_SENSITIVE_CREATE emptyPassword{};
    const TPM2B_DATA noOutsideInfo{};
    const TPML_PCR_SELECTION noPcrs{};
    ESYS_TR reference = ESYS_TR_NONE;
    TPM2B_PUBLIC* area = nullptr;
    const auto created =
        Esys_CreatePrimary(context.get(), hierarchy, ESYS_TR_PASSWORD, ESYS_TR_NONE, ESYS_TR_NONE, &emptyPassword,
                           &inPublic, &noOutsideInfo, &noPcrs, &reference, &area, nullptr, nullptr, nullptr);
    const EsysPtr<TPM2B_PUBLIC> owned{area};
    TRY(context.check(created, "TPM2_CreatePrimary"));
    return TpmObject{TransientHandle{context, reference, OnRelease::Flush}, *owned};
}

Result<void> persist(EsysContext& context, const TpmObject& object, TPM2_HANDLE handle)
{
    ESYS_TR reference = ESYS_TR_NONE;
    const auto kept = Esys_EvictControl(context.get(), ESYS_TR_RH_OWNER, object.handle.get(), ESYS_TR_PASSWORD,
                                        ESYS_TR_NONE, ESYS_TR_NONE, handle, &reference);
    TRY(context.check(kept, "TPM2_EvictControl"));
    return TransientHandle{context, reference, OnRelease::Close}.release();
}

Result<Bytes> marshalled(const TPM2B_PUBLIC& area)
{
    Bytes bytes(sizeof area);
    std::size_t size = 0;
    if (Tss2_MU_TPM2B_PUBLIC_Marshal(&area, u8(std::span{bytes}), bytes.size(), &size) != TSS2_RC_SUCCESS) {
        return makeError(DeviceCode::TpmResponseMalformed, "the TPM sent a public area that cannot be marshalled",
                         "TPM2_ReadPublic");
    }
    bytes.resize(size);
    return bytes;
}

bool isRestrictedDecryptionKey(const TPM2B_PUBLIC& area) noexcept
{
    constexpr TPMA_OBJECT kWanted = TPMA_OBJECT_RESTRICTED | TPMA_OBJECT_DECRYPT;
    const auto& key = area.publicArea;
    return (key.type == TPM2_ALG_RSA || key.type == TPM2_ALG_ECC) && (key.objectAttributes & kWanted) == kWanted;
}

} // namespace enroll::tpm
