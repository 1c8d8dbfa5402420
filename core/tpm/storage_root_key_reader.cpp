#include "core/tpm/storage_root_key_reader.h"

#include "core/attestation/storage_root_key.h"
#include "core/base/device_code.h"

namespace enroll::tpm {
namespace {

/// A refusal (D-109) of the template means that the TPM lacks the algorithm: D-114.
Result<TpmObject> makeStorageRootKey(EsysContext& context)
{
    auto created = createPrimary(context, ESYS_TR_RH_OWNER, attestation::storageRootKeyTemplate());
    if (!created && created.error().code == DeviceCode::TpmRefusedCommand) {
        auto error = std::move(created).error();
        error.code = DeviceCode::StorageRootKeyUnusable;
        return error;
    }
    return created;
}

} // namespace

Result<TpmObject> provideStorageRootKey(EsysContext& context)
{
    TRY_ASSIGN(auto found, readPersistent(context, kStorageRootKeyHandle));
    if (found && !isRestrictedDecryptionKey(found->area)) {
        return makeError(DeviceCode::StorageRootKeyUnusable, "the object at 0x81000001 is not a storage key",
                         "TPM2_ReadPublic");
    }
    if (found) {
        return std::move(*found);
    }
    return makeStorageRootKey(context);
}

} // namespace enroll::tpm
