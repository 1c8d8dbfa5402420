#include "core/tpm/kept_key.h"

#include "core/attestation/handle_range.h"
#include "core/base/device_code.h"
#include "core/tpm/storage_root_key_reader.h"
#include "core/tpm/tpm_contents.h"

namespace enroll::tpm {

Result<std::optional<TpmObject>> persistIfAbsent(EsysContext& context, const TpmObject& key, TPM2_HANDLE handle,
                                                 SaltedSession& session)
{
    if (isPersistent(key)) {
        return std::optional<TpmObject>{};
    }
    TRY_ASSIGN(const auto taken, readPersistent(context, handle));
    if (taken) {
        return makeError(DeviceCode::AnswersChanged,
                         "the handle " + attestation::handleText(handle) + " was free, and an object lies there now",
                         "TPM2_ReadPublic");
    }
    TRY_ASSIGN(auto kept, persist(context, key, handle, session));
    TRY(requireThere(context, handle, session)); // what was read back may be the key as it is loaded
    return std::optional{std::move(kept)};
}

Result<std::optional<TpmObject>> persistStorageRootKey(EsysContext& context, const TpmObject& key,
                                                       SaltedSession& session)
{
    if (isPersistent(key)) {
        TRY(requireThere(context, kStorageRootKeyHandle, session));
    }
    return persistIfAbsent(context, key, kStorageRootKeyHandle, session);
}

} // namespace enroll::tpm
