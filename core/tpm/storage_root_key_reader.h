#pragma once

#include "core/attestation/ship_state.h"
#include "core/tpm/tpm_object.h"

namespace enroll::tpm {

inline constexpr TPM2_HANDLE kStorageRootKeyHandle = attestation::kStorageRootKeyAt;

/// The key at 0x81000001 as it is; if the handle is free, a new primary key from the template of Azure's SDKs, loaded
/// and not made persistent.
/// \param endorsementKey  what is wrong with the key there is read once more in a session salted to this one, before
///                        anybody is blamed for it; absent: it is believed
/// \par Errors   D-132 (a part on the line altered what was read of it), D-135 (the object there is no storage
///               parent, or a policy alone authorises it: somebody left it there), D-114 (the TPM cannot create the
///               key), D-112 (the owner hierarchy has a password)
Result<TpmObject> provideStorageRootKey(EsysContext& context, const std::optional<TpmObject>& endorsementKey);

} // namespace enroll::tpm
