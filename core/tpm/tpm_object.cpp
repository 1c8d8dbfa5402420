#include "core/tpm/tpm_object.h"

#include "core/base/device_code.h"
#include "core/base/recoded.h"
#include "core/base/station_code.h"
#include "core/tpm/bare_command.h"
#include "core/tpm/command_table.h"
#include "core/tpm/named_handle.h"
#include "core/tpm/response_code_table.h"
#include "core/tpm/salted_session.h"

#include <tss2/tss2_mu.h>

namespace enroll::tpm {
namespace {

/// tpm2-tss' structure of a TPM2B_PUBLIC, by way of its bytes: so that no field is copied by hand.
Result<TPM2B_PUBLIC> unmarshalled(ByteView area)
{
    TPM2B_PUBLIC made{};
    std::size_t offset = 0;
    if (Tss2_MU_TPM2B_PUBLIC_Unmarshal(u8(area), area.size(), &offset, &made) != TSS2_RC_SUCCESS) {
        return makeError(StationCode::InternalFault, "the TPM library does not know this public area");
    }
    return made;
}

/// What the refusal to keep a key says of the TPM. TPM_RC_NV_DEFINED: something lies at a handle of which the TPM said that
/// it was free. TPM_RC_NV_SPACE: a TPM has persistent memory for some keys and NV indices, no restart frees any of it, and
/// it is full. Source: TPM 2.0 Library Part 3, TPM2_EvictControl.
Result<void> whyNotKept(Result<void> kept)
{
    if (!kept.ok() && hasResponseCode(kept.error(), rc::kNvDefined)) {
        return prefixed("the handle was free, and an object lies there now; ",
                        recoded(std::move(kept), DeviceCode::AnswersChanged));
    }
    if (kept.ok() || !hasResponseCode(kept.error(), rc::kNvSpace)) {
        return kept;
    }
    return prefixed(
        "the TPM has no memory left to keep a key in: evict the objects and undefine the indices that a former "
        "owner left, or clear the TPM; ",
        recoded(std::move(kept), DeviceCode::NotAsShipped));
}

} // namespace

Result<std::optional<TpmObject>> readPersistent(EsysContext& context, TPM2_HANDLE handle)
{
    TRY_ASSIGN(auto found, openByHandle(context, handle));
    auto& said = context.handlesAsSaid();
    (found ? said.taken : said.free).insert(handle);
    if (!found) {
        return std::optional<TpmObject>{};
    }
    TRY_ASSIGN(const auto area, unmarshalled(found->area));
    return std::optional{TpmObject{std::move(found->handle), area}};
}

Result<std::optional<Bytes>> areaOfPersistent(EsysContext& context, TPM2_HANDLE handle)
{
    auto answer = runBare(context.exchange(), command_code::kReadPublic, {handle});
    auto& said = context.handlesAsSaid();
    if (!answer && hasResponseCode(answer.error(), rc::kHandle)) {
        said.free.insert(handle);
        return std::optional<Bytes>{};
    }
    TRY_ASSIGN(const auto parameters, std::move(answer));
    said.taken.insert(handle);
    // The exchange has checked that the area lies within the response, and that the name behind it is the area's.
    ByteReader reader{parameters, DeviceCode::TpmResponseMalformed};
    TRY_ASSIGN(const auto size, reader.u16("size of outPublic"));
    return std::optional{toBytes(ByteView{parameters}.first(std::min(parameters.size(), sizeof(size) + size)))};
}

Result<TpmObject> createPrimary(EsysContext& context, ESYS_TR hierarchy, const attestation::PublicArea& templateArea)
{
    TRY_ASSIGN(const auto inPublic, unmarshalled(attestation::marshalPublic(templateArea)));
    const TPM2B_SENSITIVE_CREATE emptyPassword{};
    const TPM2B_DATA noOutsideInfo{};
    const TPML_PCR_SELECTION noPcrs{};
    ESYS_TR reference = ESYS_TR_NONE;
    const auto created =
        Esys_CreatePrimary(context.get(), hierarchy, ESYS_TR_PASSWORD, ESYS_TR_NONE, ESYS_TR_NONE, &emptyPassword,
                           &inPublic, &noOutsideInfo, &noPcrs, &reference, nullptr, nullptr, nullptr, nullptr);
    TRY(context.check(created, "TPM2_CreatePrimary"));
    TransientHandle object{context, reference, OnRelease::Flush};
    TRY_ASSIGN(const auto named, areaOfOwnName(context, reference));
    TRY_ASSIGN(const auto area, unmarshalled(named));
    return TpmObject{std::move(object), area};
}

Result<TpmObject> persist(EsysContext& context, const TpmObject& object, TPM2_HANDLE handle, SaltedSession& session)
{
    TRY_ASSIGN(const auto covered, session.auditing());
    ESYS_TR reference = ESYS_TR_NONE;
    const auto kept = Esys_EvictControl(context.get(), ESYS_TR_RH_OWNER, object.handle.get(), ESYS_TR_PASSWORD, covered,
                                        ESYS_TR_NONE, handle, &reference);
    TRY(whyNotKept(checkInSession(context, kept, "TPM2_EvictControl", 2)));
    context.handlesAsSaid().free.erase(handle);
    context.handlesAsSaid().taken.insert(handle);
    TpmObject copy{TransientHandle{context, reference, OnRelease::Close}, object.area};
    TRY_ASSIGN(const auto found, recodedIf(readAreaAgain(context, copy, session), DeviceCode::TpmRefusedCommand,
                                           DeviceCode::AnswersChanged)); // it is there, said the session
    TRY_ASSIGN(const auto wanted, marshalled(object.area));
    if (found != wanted) {
        return makeError(DeviceCode::AnswersChanged, "another key than the one to be kept lies at its handle",
                         "TPM2_EvictControl");
    }
    return copy;
}

Result<void> evict(EsysContext& context, const TpmObject& object, TPM2_HANDLE handle, SaltedSession& session)
{
    TRY_ASSIGN(const auto covered, session.auditing());
    ESYS_TR gone = ESYS_TR_NONE;
    const auto evicted = Esys_EvictControl(context.get(), ESYS_TR_RH_OWNER, object.handle.get(), ESYS_TR_PASSWORD,
                                           covered, ESYS_TR_NONE, handle, &gone);
    TRY(checkInSession(context, evicted, "TPM2_EvictControl", 2));
    context.handlesAsSaid().taken.erase(handle);
    return {};
}

Result<Bytes> readAreaAgain(EsysContext& context, const TpmObject& object, SaltedSession& session)
{
    TRY_ASSIGN(const auto covered, session.encrypting());
    TPM2B_PUBLIC* area = nullptr;
    const auto read = Esys_ReadPublic(context.get(), object.handle.get(), covered, ESYS_TR_NONE, ESYS_TR_NONE, &area,
                                      nullptr, nullptr);
    const EsysPtr<TPM2B_PUBLIC> owned{area};
    TRY(checkInSession(context, read, "TPM2_ReadPublic", 1));
    return marshalled(*owned);
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

bool isRestrictedDecryptionKey(ByteView area)
{
    const auto known = unmarshalled(area);
    return known && isRestrictedDecryptionKey(*known);
}

} // namespace enroll::tpm
