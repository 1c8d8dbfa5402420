#pragma once

#include "core/base/secret_bytes.h"
#include "core/crypto/digest.h"
#include "core/crypto/public_key.h"

namespace enroll::crypto {

/// A seed together with the form in which only the owner of a key can recover it.
struct SharedSeed {
    SecretBytes seed;
    Bytes encryptedSecret; ///< content of TPM2B_ENCRYPTED_SECRET, without its size field
};

/// RSAES-OAEP of \p seed to \p key. Hash and MGF1 hash are \p algorithm (the nameAlg of the key's TPM object); the
/// label is \p label with one NUL at its end. Errors D-113 (unusable key), S-340. Source: TPM 2.0 Library Part 1,
/// "RSAES_OAEP".
Result<Bytes> oaepEncrypt(const RsaPublicKey& key, HashAlgorithm algorithm, std::string_view label, ByteView seed);

/// A fresh seed of digest size shared with \p key: for RSA by oaepEncrypt, for ECC by ephemeral ECDH and KDFe, where
/// encryptedSecret is the marshalled TPMS_ECC_POINT. Errors D-113, S-340.
/// Source: TPM 2.0 Library Part 1, "Secret Sharing".
Result<SharedSeed> shareSeed(const PublicKey& key, HashAlgorithm algorithm, std::string_view label);

/// A private key that can recover what shareSeed made: what a TPM does, in software, for tests and self-checks.
/// \p pem is a PKCS#8 key. Errors S-332 (not a key), S-340 (the secret does not open).
Result<SecretBytes> recoverSeed(std::string_view pem, HashAlgorithm algorithm, std::string_view label,
                                ByteView encryptedSecret);

} // namespace enroll::crypto
