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

/// Takes a blob apart; sizes bounded, all six parts present, extra bytes refused. Error U-502.
Result<ActivationBlob> parseActivationBlob(ByteView bytes);

/// A challenge and the key that answers it. The key never leaves this process.
struct ActivationChallenge {
    ActivationBlob blob;
    SecretBytes idKey; ///< 32 bytes, HMAC-SHA256
};

/// The random choices of a challenge. Taken as a value so that a published worked example can be reproduced.
struct ActivationSeeds {
    SecretBytes innerKey;        ///< 16 bytes: SDKs hard-code AES-128 for TPM2_Import
    SecretBytes idKey;           ///< 32 bytes
    SecretBytes objectSeed;      ///< 32 bytes, seedValue of the HMAC object
    SecretBytes credentialSeed;  ///< RSA EK: digest size of its nameAlg. Unused for ECC, whose seed comes from ECDH
    SecretBytes duplicationSeed; ///< likewise for the SRK
    static Result<ActivationSeeds> random(const PublicArea& endorsementKey, const PublicArea& storageRootKey);
};

/// Every intermediate value, for tests and for reading along with the standard. Test keys only: never log one.
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

/// Builds the challenge exactly as DPS does: the inner key as credential for the EK under the SRK's name, the HMAC key
/// duplicated to the SRK with inner (AES-128-CFB) and outer wrapper, HMAC-key attributes 0x00040440.
///
/// Only a TPM that holds both private keys can answer. Pure; any thread.
///
/// \param attributes  TPMA_OBJECT of the HMAC key; the service's by default
/// \param trace       filled with the intermediate values if given
/// \par Errors   D-113 (EK unusable), D-114 (SRK unusable), S-340
/// \par Source   TPM 2.0 Library Part 1, "Credential Protection" and "Duplication"
Result<ActivationChallenge> makeActivationChallenge(const PublicArea& endorsementKey, const PublicArea& storageRootKey,
                                                    const ActivationSeeds& seeds,
                                                    std::uint32_t attributes = kServiceHmacKeyAttributes,
                                                    ActivationTrace* trace = nullptr);

/// The same with fresh random seeds.
Result<ActivationChallenge> makeActivationChallenge(const PublicArea& endorsementKey, const PublicArea& storageRootKey);

/// Error D-130 unless \p answer is HMAC-SHA256(idKey, message). Constant time. Error S-340.
Result<void> requireActivationAnswer(ByteView idKey, ByteView message, ByteView answer);

} // namespace enroll::attestation
