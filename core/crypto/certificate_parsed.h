#pragma once

#include "core/crypto/certificate.h"
#include "core/crypto/openssl_ptr.h"

namespace enroll::crypto {

/// What copies of a Certificate share. Many threads may read one X509: OpenSSL's readers take a writable pointer only
/// because they fill caches, under a lock of their own.
struct Certificate::Parsed {
    X509Ptr x509;
    Bytes der;
    std::string sha256Hex;
    UtcTime notBefore;
    UtcTime notAfter;
};

/// True if the subject's key is declared as rsaesOaep (RFC 4055): X509_get0_pubkey() is null then.
bool hasOaepKey(const X509* x509) noexcept;

} // namespace enroll::crypto
