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
    bool selfSigned = false;
};

/// The name in the form of RFC 2253. Characters beyond ASCII stay readable as UTF-8. A name whose bytes do not fit
/// their declared encoding is printed byte by byte, escaped. printableText() replaces the control characters beyond
/// ASCII, which OpenSSL leaves as they are.
std::string nameText(const X509_NAME* name);

/// A date in UTC, from a UTCTime or a GeneralizedTime; nothing if there is none or it cannot be read.
std::optional<UtcTime> utcTimeOf(const ASN1_TIME* time);

/// True if the subject's key is declared as rsaesOaep (RFC 4055): X509_get0_pubkey() is null then.
bool hasOaepKey(const X509* x509) noexcept;

} // namespace enroll::crypto
