#pragma once

#include "core/crypto/openssl_ptr.h"
#include "core/crypto/public_key.h"

/// Keys between values and OpenSSL's form, for sources of this folder.
namespace enroll::crypto {

/// OpenSSL's form of \p key.
/// \par Errors   D-113 if OpenSSL does not accept the key (an even modulus, a point that is not on its curve), S-340 if
///               OpenSSL cannot import any key (no provider, no memory)
Result<EvpPkeyPtr> opensslKey(const PublicKey& key);

/// The public half of \p key. Error D-113 for a kind of key or a curve that PublicKey cannot hold.
Result<PublicKey> publicKeyFrom(const EVP_PKEY* key);

/// The name that OpenSSL's parameters take: "P-256".
const char* opensslCurveName(EccCurve curve) noexcept;

} // namespace enroll::crypto
