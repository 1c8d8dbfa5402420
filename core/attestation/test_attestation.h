#pragma once

#include "core/attestation/device_tpm.h"
#include "core/attestation/public_area.h"
#include "core/base/clock.h"

namespace enroll::attestation {

/// The proof that a TPM holds the private halves of exactly these two keys, which were read from it before:
/// - the credential can be opened with this endorsement key only, while an object with this storage root key's name is
///   loaded;
/// - the HMAC key can be opened with this storage root key and the secret of the credential only;
/// - the answer is signed with that HMAC key, which was made in this call and is known to nobody else.
///
/// The key of the challenge stays loaded until the next activate() or release(). Blocks; the thread of \p tpm.
/// \par Errors   D-113, D-114 (keys that no challenge can be made for), D-130 (the answer is wrong), those of
///               DeviceTpm::activate() and sign(), S-340
Result<void> testAttestation(DeviceTpm& tpm, const PublicArea& endorsementKey, const PublicArea& storageRootKey,
                             UtcTime now);

} // namespace enroll::attestation
