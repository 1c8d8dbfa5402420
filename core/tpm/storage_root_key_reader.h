#pragma once

#include "core/tpm/tpm_object.h"

namespace enroll::tpm {

inline constexpr TPM2_HANDLE kStorageRootKeyHandle = 0x81000001;

/// The key at 0x81000001 as it is, or one made from the template of Azure's SDKs.
/// Error D-114 if what is there only signs or is no asymmetric key, or if the TPM cannot make the key; D-112.
Result<TpmObject> provideStorageRootKey(EsysContext& context);

} // namespace enroll::tpm
