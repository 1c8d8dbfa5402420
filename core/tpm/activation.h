#pragma once

#include "core/attestation/activation_challenge.h"
#include "core/tpm/tpm_object.h"

namespace enroll::tpm {

/// Opens a challenge with the keys it was made for and loads the key inside under the storage root key.
///
/// TPM2_ActivateCredential under a fresh endorsement policy session, TPM2_Import, TPM2_Load. The session is flushed on
/// every path; the secret that the TPM gives out is wiped.
/// \return       the loaded HMAC key
/// \par Errors   D-131 (the TPM refuses the challenge: it holds other keys, or the blob was altered), U-502 (the blob
///               is no blob), D-112, D-118 and the common ones
/// \par Source   TPM 2.0 Library Part 1, "Credential Protection" and "Duplication"
Result<TransientHandle> activateChallenge(EsysContext& context, const TpmObject& endorsementKey,
                                          const TpmObject& storageRootKey, const attestation::ActivationBlob& blob);

} // namespace enroll::tpm
