#pragma once

#include "core/attestation/public_area.h"
#include "core/base/secret_bytes.h"

namespace enroll::attestation {

/// The six parts of DPS's authenticationKey, each with its own size prefix, in order.
/// Source: layout observed in public captures of the service (920 and 956 bytes) and in azure-utpm-c.
struct ActivationBlob {
    Bytes credentialBlob;  ///< TPM2B_ID_OBJECT, made for the EK, bound to the SRK's name
    Bytes encryptedSecret; ///< TPM2B_ENCRYPTED_SECRET of the credential
    Bytes duplicate;       ///< TPM2B_PRIVATE: the service's HMAC key, wrapped inside and outside
    Bytes inSymSeed;       ///< TPM2B_ENCRYPTED_SECRET of the duplication
    Bytes idKeyPublic;     ///< TPM2B_PUBLIC of the HMAC key
    Bytes encryptedUri;    ///< TPM2B_DATA, may be empty inside but is always present

    [[nodiscard]] Bytes marshal() const;
    bool operator==(const ActivationBlob&) const = default;
};

/// Splits a marshalled blob into its six parts. Each part keeps its size field and must not exceed a bound; bytes left
/// over are an error. Pure. Error U-502.
Result<ActivationBlob> parseActivationBlob(ByteView bytes);

/// A challenge, and the key inside it that signs the answer. Only the blob is sent.
struct ActivationChallenge {
    ActivationBlob blob;
    SecretBytes idKey; ///< 32 bytes, HMAC-SHA256
};

/// The random values of a challenge. They are a parameter, so that a published example can be reproduced in a test.
struct ActivationSeeds {
    SecretBytes innerKey;        ///< 16 bytes: SDKs hard-code AES-128 for TPM2_Import
    SecretBytes idKey;           ///< 32 bytes
    SecretBytes objectSeed;      ///< 32 bytes, seedValue of the HMAC object
    SecretBytes credentialSeed;  ///< RSA EK: digest size of its nameAlg. Not used for ECC, whose seed comes from ECDH
    SecretBytes duplicationSeed; ///< likewise for the SRK
    static Result<ActivationSeeds> random(const PublicArea& endorsementKey, const PublicArea& storageRootKey);
};

/// Every intermediate value, for tests and for comparison with the specification. Only ever filled for test keys,
/// because it holds the secrets.
struct ActivationTrace {
    Bytes ekName, srkName;
    SecretBytes credentialSymKey, credentialHmacKey;
    Bytes encIdentity, credentialHmac;
    Bytes objectName;
    SecretBytes sensitive;
    Bytes innerIntegrity, encSensitive;
    SecretBytes duplicationSymKey, duplicationHmacKey;
    Bytes dupSensitive, duplicationHmac;
};

/// TPMA_OBJECT of the HMAC key as the service makes it: userWithAuth, noDA, sign.
inline constexpr std::uint32_t kServiceHmacKeyAttributes = 0x00040440;

/// Builds the challenge as DPS does. Only a TPM that holds both private keys can answer it.
///
/// 1. A random inner key becomes a credential for the endorsement key, bound to the name of the storage root key:
///    TPM2_ActivateCredential gives it out only while an object of that name is loaded.
/// 2. A new HMAC key is duplicated to the storage root key, wrapped with the inner key (AES-128-CFB) and again with a
///    seed for the storage root key: TPM2_Import needs the inner key and the private storage root key.
///
/// The TPM then signs with the HMAC key; requireActivationAnswer() checks the signature. Pure but for the random
/// numbers of ECC keys; any thread.
///
/// \param attributes  TPMA_OBJECT of the HMAC key; the service's by default
/// \param trace       filled with the intermediate values if given
/// \par Errors   D-113 (EK unusable), D-114 (SRK unusable), S-340
/// \par Source   TPM 2.0 Library Part 1, "Credential Protection" and "Duplication"
Result<ActivationChallenge> makeActivationChallenge(const PublicArea& endorsementKey, const PublicArea& storageRootKey,
                                                    const ActivationSeeds& seeds,
                                                    std::uint32_t attributes = kServiceHmacKeyAttributes,
                                                    ActivationTrace* trace = nullptr);

/// Builds a challenge from fresh random seeds.
Result<ActivationChallenge> makeActivationChallenge(const PublicArea& endorsementKey, const PublicArea& storageRootKey);

/// Error D-130 unless \p answer is HMAC-SHA256 of \p message with \p idKey; compared in constant time. Error S-340.
Result<void> requireActivationAnswer(ByteView idKey, ByteView message, ByteView answer);

} // namespace enroll::attestation
