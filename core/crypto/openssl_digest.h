#pragma once

#include "core/crypto/digest.h"
#include "core/crypto/openssl_ptr.h"

/// OpenSSL's side of HashAlgorithm, for sources of this folder.
namespace enroll::crypto {

/// The name that OpenSSL's parameters take: "SHA256".
const char* opensslDigestName(HashAlgorithm algorithm) noexcept;

/// The implementation, fetched once for the life of the process; null if the provider lacks it. Any thread.
const EVP_MD* opensslDigest(HashAlgorithm algorithm) noexcept;

} // namespace enroll::crypto
