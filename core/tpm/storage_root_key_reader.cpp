#include "core/tpm/storage_root_key_reader.h"

#include "core/attestation/storage_root_key.h"
#include "core/base/device_code.h"
#include "core/base/recoded.h"

namespace enroll::tpm {
namespace {

/// A refusal (D-109) of the template means that the TPM lacks the algorithm: D-114.
Result<TpmObject> makeStorageRootKey(EsysContext& context)
{
    return recodedIf(createPrimary(context, ESYS_TR_RH_OWNER, attestation::storageRootKeyTemplate()),
                     DeviceCode::TpmRefusedCommand, DeviceCode::StorageRootKeyUnusable);
}

} // namespace

Result<TpmObject> provideStorageRootKey(EsysContext& context)
{
    TRY_ASSIGN(auto found, readPersistent(context, kStorageRootKeyHandle));
    if (found && !isRestrictedDecryptionKey(found->area)) {
        return makeError(DeviceCode::NotAsShipped, "the object at 0x81000001 is not a storage key", "TPM2_ReadPublic");
    }
    if (found) {
        return std::move(*found);
    }
    return makeStorageRootKey(context);
}

} // namespace enroll::tpm
