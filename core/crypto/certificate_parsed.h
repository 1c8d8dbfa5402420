#pragma once

#include "core/crypto/certificate.h"
#include "core/crypto/openssl_ptr.h"

namespace enroll::crypto {

/// What Certificate shares between its copies. OpenSSL's reading functions are safe from many threads on one X509;
/// they want a writable pointer because they fill caches under a lock.
struct Certificate::Parsed {
    X509Ptr x509;
    Bytes der;
    std::string sha256Hex;
    UtcTime notBefore;
    UtcTime notAfter;
};

/// True if the subject's key is declared as rsaesOaep, which OpenSSL does not turn into a key.
bool hasOaepKey(const X509* x509) noexcept;

} // namespace enroll::crypto
