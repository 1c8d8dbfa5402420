#pragma once

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/crypto/public_key.h"

namespace enroll::attestation {

/// SHA-256 of the key alone: modulus and exponent, or curve and point. Pure.
///
/// An EK certificate and the test attestation prove this much and no more. The rest of a public area (attributes,
/// policy) is chosen by the device, so that one genuine TPM could pass for many devices if whole areas were compared.
/// \par Errors   S-337 (not a TPM2B_PUBLIC), D-113 (the key is not usable), S-340
Result<Bytes> keyFingerprint(ByteView tpm2bPublic);
/// The same of a key that was read elsewhere, such as in a certificate. Error S-340.
Result<Bytes> fingerprintOf(const crypto::PublicKey& key);

} // namespace enroll::attestation
