#include "core/tpm/storage_root_key_reader.h"

#include "core/attestation/storage_root_key.h"
#include "core/base/device_code.h"
#include "core/base/recoded.h"
#include "core/tpm/salted_session.h"

namespace enroll::tpm {
namespace {

/// Error D-135 unless the station and the device's software can use the key at the handle as it is. A storage root key
/// that the TPM makes itself can be: whatever is wrong with this one, it goes with it.
///
/// TPM2_ActivateCredential takes the key in the ADMIN role, TPM2_Import and TPM2_Load in the USER role. Which password or
/// policy authorises a role, the public area says: to try would cost a try, and the refusal says something else.
/// Source: TPM 2.0 Library Part 1, "Authorization Roles"; Part 2, "TPMA_OBJECT", adminWithPolicy and userWithAuth.
Result<void> requireUsable(const TPM2B_PUBLIC& area)
{
    const auto attributes = area.publicArea.objectAttributes;
    const auto bad = [](std::string what) {
        return makeError(DeviceCode::NotAsShipped, std::move(what) + ": evict it, or clear the TPM", "TPM2_ReadPublic");
    };
    if (!isRestrictedDecryptionKey(area)) {
        return bad("the object at 0x81000001 is not a storage key");
    }
    if ((attributes & TPMA_OBJECT_ADMINWITHPOLICY) != 0 || (attributes & TPMA_OBJECT_USERWITHAUTH) == 0) {
        return bad("the storage root key at 0x81000001 can only be used by a policy, which the station does not know");
    }
    TRY_ASSIGN(const auto bytes, marshalled(area));
    if (const auto judged = attestation::storageRootKeyEvidence(bytes); !judged.ok()) {
        return bad(judged.error().what + ", and lies at 0x81000001");
    }
    return {};
}

/// A refusal (D-109) of the template means that the TPM lacks the algorithm: D-114.
Result<TpmObject> makeStorageRootKey(EsysContext& context)
{
    return recodedIf(createPrimary(context, ESYS_TR_RH_OWNER, attestation::storageRootKeyTemplate()),
                     DeviceCode::TpmRefusedCommand, DeviceCode::StorageRootKeyUnusable);
}

/// Error D-132 if the TPM does not hold \p key under the name that it was read with, or nothing lies at its handle.
Result<void> requireUnaltered(EsysContext& context, const TpmObject& key, const TpmObject& endorsementKey)
{
    TRY_ASSIGN(auto session, SaltedSession::open(context, endorsementKey));
    TRY(recodedIf(readAreaAgain(context, key, session), DeviceCode::TpmRefusedCommand, DeviceCode::AnswersChanged));
    return session.release();
}

} // namespace

Result<TpmObject> provideStorageRootKey(EsysContext& context, const std::optional<TpmObject>& endorsementKey)
{
    TRY_ASSIGN(auto found, readPersistent(context, kStorageRootKeyHandle));
    if (found) {
        auto usable = requireUsable(found->area);
        if (!usable && endorsementKey) {
            TRY(requireUnaltered(context, *found, *endorsementKey));
        }
        TRY(std::move(usable));
        return std::move(*found);
    }
    return makeStorageRootKey(context);
}

} // namespace enroll::tpm
