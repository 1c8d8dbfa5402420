#pragma once

#include "core/attestation/endorsement_key.h"
#include "core/crypto/public_key.h"

namespace enroll::attestation {

/// The keys beside that of \p reading which the same chip has, by what was read: those at other handles, and those that the
/// certificates in its NV index are for. None twice; what is no usable key is left out. Pure.
///
/// They speak against a device alone: a TPM keeps and shows whatever public key its owner likes, so that having one proves
/// nothing in its favour.
/// \par Errors   S-340
Result<std::vector<crypto::PublicKey>> otherKeysOf(const EndorsementKeyReading& reading);

} // namespace enroll::attestation
