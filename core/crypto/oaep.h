#pragma once

#include "core/base/secret_bytes.h"
#include "core/crypto/digest.h"
#include "core/crypto/public_key.h"

namespace enroll::crypto {

/// A secret seed, and the same seed encrypted so that only the owner of one private key can recover it.
struct SharedSeed {
    SecretBytes seed;
    Bytes encryptedSecret; ///< content of TPM2B_ENCRYPTED_SECRET, without its size field
};

/// Encrypts \p seed to \p key with RSAES-OAEP.
///
/// \param algorithm  hash of OAEP and of MGF1: the nameAlg of the key's TPM object
/// \param label      without its NUL, which is added and counts as part of the label: "IDENTITY", "DUPLICATE"
/// \return           as many bytes as the modulus has
/// \par Errors   D-113 (OpenSSL does not accept the key), S-340
/// \par Source   TPM 2.0 Library Part 1, "RSAES_OAEP"
Result<Bytes> oaepEncrypt(const RsaPublicKey& key, HashAlgorithm algorithm, std::string_view label, ByteView seed);

/// Makes a fresh seed of \p algorithm's digest size for the owner of \p key.
///
/// RSA: a random seed, encrypted by oaepEncrypt(). ECC: an ephemeral key on the same curve; the seed is KDFe of the
/// ECDH shared value, and encryptedSecret is the marshalled TPMS_ECC_POINT of the ephemeral key.
/// \par Errors   D-113 (OpenSSL does not accept the key), S-340
/// \par Source   TPM 2.0 Library Part 1, "Secret Sharing"
Result<SharedSeed> shareSeed(const PublicKey& key, HashAlgorithm algorithm, std::string_view label);

/// Recovers the seed that shareSeed() made: a TPM's half in software, for tests and self-checks.
///
/// \param pem    the private key, PKCS#8, without a passphrase
/// \par Errors   S-337 (not a private key), S-340 (the secret cannot be opened with this key)
Result<SecretBytes> recoverSeed(std::string_view pem, HashAlgorithm algorithm, std::string_view label,
                                ByteView encryptedSecret);

} // namespace enroll::crypto
