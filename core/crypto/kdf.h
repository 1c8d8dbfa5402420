#pragma once

#include "core/base/secret_bytes.h"
#include "core/crypto/digest.h"

namespace enroll::crypto {

/// KDFa: SP 800-108 counter mode with HMAC, as the TPM computes it.
///
/// \param label  "STORAGE", "INTEGRITY", …, without a NUL: exactly one is added here
/// \param bits   of key wanted, 1..8192; if not a multiple of 8 the top bits of the first byte are cleared
/// \par Errors   S-340
/// \par Source   TPM 2.0 Library Part 1, "KDFa()"
Result<SecretBytes> kdfa(HashAlgorithm algorithm, ByteView key, std::string_view label, ByteView contextU,
                         ByteView contextV, unsigned bits);

/// KDFe: SP 800-56A one-step derivation from an ECDH shared value, as the TPM computes it.
///
/// \param label       as in kdfa(); "IDENTITY" for credentials, "DUPLICATE" for imported keys
/// \param sharedX     x of the shared point, padded to the curve's size
/// \param partyUInfo  x of the ephemeral key; \param partyVInfo  x of the static key; both padded likewise
/// \param bits        as in kdfa()
/// \par Errors   S-340
/// \par Source   TPM 2.0 Library Part 1, "KDFe for ECDH"
Result<SecretBytes> kdfe(HashAlgorithm algorithm, ByteView sharedX, std::string_view label, ByteView partyUInfo,
                         ByteView partyVInfo, unsigned bits);

} // namespace enroll::crypto
