#pragma once

#include "core/attestation/activation_challenge.h"
#include "core/attestation/tpm_state.h"
#include "core/tpm/salted_session.h"

namespace enroll::tpm {

/// Opens a challenge with the keys it was made for and loads the key inside under the storage root key.
///
/// Sends TPM2_ActivateCredential, TPM2_Import and TPM2_Load. The endorsement key is authorised by a fresh policy
/// session where it can be, else by its empty password (KeyAuthorization). The session is flushed on every path; the inner
/// key that TPM2_ActivateCredential returns comes encrypted in \p session and is wiped. Blocks for the commands; slot
/// thread only.
///
/// \param state  how the TPM stood at connect()
/// \return       the loaded HMAC key, flushed when the handle is released
/// \par Errors   D-131 (the TPM refuses the challenge: it holds other keys, or the blob was altered), D-132 (it
///               knows one of the keys under another name than it showed, or the response was changed), U-502 (a part
///               of the blob cannot be unmarshalled), D-112 (the endorsement hierarchy has a password), D-118 (a key
///               is under protection against guessing, and one try is used: requirePasswordIsFree()) and those
///               common to every call of DeviceTpm
/// \par Source   TPM 2.0 Library Part 1, "Credential Protection" and "Duplication"
Result<TransientHandle> activateChallenge(EsysContext& context, const TpmObject& endorsementKey,
                                          const TpmObject& storageRootKey, const attestation::ActivationBlob& blob,
                                          SaltedSession& session, const attestation::TpmState& state);

inline constexpr std::size_t kLongestMessage = 1024; // TPM_PT_INPUT_BUFFER of every TPM 2.0

/// TPM2_HMAC with SHA-256 by the key \p idKey of a challenge, over \p message of at most kLongestMessage bytes. Errors those
/// common to every call of DeviceTpm.
Result<Bytes> hmacOf(EsysContext& context, const TransientHandle& idKey, ByteView message);

} // namespace enroll::tpm
