#pragma once

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/crypto/openssl_ptr.h"

/// Keys and certificates out of PEM texts. Where a block is encrypted, OpenSSL by itself asks for the passphrase on the
/// terminal; these refuse it instead.
namespace enroll::crypto {

/// The first private key of \p pem. Error S-337: there is none, it is broken, or it is encrypted.
Result<EvpPkeyPtr> privateKeyFromPem(ByteView pem);

/// The certificates of \p pem in their order; other blocks are skipped. Error S-337: there is none, or one is broken.
Result<std::vector<X509Ptr>> x509FromPem(ByteView pem);

} // namespace enroll::crypto
