#pragma once

#include "core/base/bytes.h"
#include "core/base/result.h"

namespace enroll::attestation {

/// SHA-256 of the key alone: curve and point, or modulus and exponent. What a certificate and a proof of possession
/// vouch for. Attributes, policy and spelling of a public area are the device's own words: by its area one genuine TPM
/// could pass for many devices. Errors S-332 (no TPM2B_PUBLIC), D-113 (its key is not usable), S-340.
Result<Bytes> keyFingerprint(ByteView tpm2bPublic);

} // namespace enroll::attestation
