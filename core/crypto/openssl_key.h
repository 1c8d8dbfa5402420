#pragma once

#include "core/crypto/openssl_ptr.h"
#include "core/crypto/public_key.h"

/// Keys between values and OpenSSL's form, for sources of this folder.
namespace enroll::crypto {

/// OpenSSL's form of \p key. Error D-113 if OpenSSL does not take it: an even modulus, a point off its curve.
/// Error S-340 if OpenSSL has no means to take any: no provider, no memory.
Result<EvpPkeyPtr> opensslKey(const PublicKey& key);

/// The public half of \p key. Error D-113 for a kind of key or a curve that PublicKey cannot hold.
Result<PublicKey> publicKeyFrom(const EVP_PKEY* key);

/// "P-256": the name OpenSSL's parameters take.
const char* opensslCurveName(EccCurve curve) noexcept;

} // namespace enroll::crypto
