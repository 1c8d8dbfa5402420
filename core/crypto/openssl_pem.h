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

struct PemBlock {
    std::string name;
    Bytes content;
};

/// The next PEM block, whatever its name; nothing at the end of the text. Error S-337 for a broken block.
Result<std::optional<PemBlock>> nextPemBlock(BIO* source);

/// The contents of the blocks of \p pem that are named \p name. Error S-337: one is broken, or more than \p most.
Result<std::vector<Bytes>> pemBlocksNamed(std::string_view name, ByteView pem, std::size_t most);

} // namespace enroll::crypto
