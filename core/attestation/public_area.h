#pragma once

#include "core/base/bytes.h"
#include "core/crypto/digest.h"
#include "core/crypto/public_key.h"

#include <optional>
#include <variant>

namespace enroll::attestation {

/// TPMA_OBJECT bits that this product looks at. Source: TPM 2.0 Library Part 2, "TPMA_OBJECT".
namespace object_attribute {
inline constexpr std::uint32_t kFixedTpm = 1U << 1U;
inline constexpr std::uint32_t kStClear = 1U << 2U;
inline constexpr std::uint32_t kFixedParent = 1U << 4U;
inline constexpr std::uint32_t kSensitiveDataOrigin = 1U << 5U;
inline constexpr std::uint32_t kUserWithAuth = 1U << 6U;
inline constexpr std::uint32_t kAdminWithPolicy = 1U << 7U;
inline constexpr std::uint32_t kNoDa = 1U << 10U;
inline constexpr std::uint32_t kEncryptedDuplication = 1U << 11U;
inline constexpr std::uint32_t kRestricted = 1U << 16U;
inline constexpr std::uint32_t kDecrypt = 1U << 17U;
inline constexpr std::uint32_t kSign = 1U << 18U;
} // namespace object_attribute

/// The symmetric algorithm of a storage parent, in CFB mode. Absent means TPM_ALG_NULL.
struct SymmetricParent {
    std::uint16_t keyBits = 128;      ///< 128, 192 or 256
    std::uint16_t algorithm = 0x0006; ///< TPM_ALG_ID; TPM_ALG_AES in every area that parsePublic() takes
    bool operator==(const SymmetricParent&) const = default;
};

struct RsaParameters {
    std::optional<SymmetricParent> symmetric;
    std::uint16_t scheme = 0x0010; ///< TPM_ALG_ID; TPM_ALG_NULL for storage keys
    std::uint16_t schemeHash = 0;  ///< present with a scheme that has one
    std::uint16_t keyBits = 2048;
    std::uint32_t exponent = 0; ///< as on the wire: 0 means 65537
    bool operator==(const RsaParameters&) const = default;
};

struct EccParameters {
    std::optional<SymmetricParent> symmetric;
    std::uint16_t scheme = 0x0010;
    std::uint16_t schemeHash = 0;
    std::uint16_t curve = 3; ///< TPM_ECC_CURVE
    std::uint16_t kdf = 0x0010;
    std::uint16_t kdfHash = 0;
    bool operator==(const EccParameters&) const = default;
};

/// A keyed hash (HMAC) object.
struct HmacParameters {
    crypto::HashAlgorithm hash = crypto::HashAlgorithm::Sha256;
    bool operator==(const HmacParameters&) const = default;
};

struct EccPoint {
    Bytes x;
    Bytes y;
    bool operator==(const EccPoint&) const = default;
};

/// A TPMT_PUBLIC as a value: what a TPM object shows to the world.
struct PublicArea {
    crypto::HashAlgorithm nameAlgorithm = crypto::HashAlgorithm::Sha256;
    std::uint32_t attributes = 0;
    Bytes authPolicy; ///< empty, or of nameAlgorithm's size
    std::variant<RsaParameters, EccParameters, HmacParameters> parameters;
    std::variant<Bytes, EccPoint> unique; ///< modulus or digest; point for ECC. As on the wire, unpadded
    bool operator==(const PublicArea&) const = default;
};

/// Parses a TPM2B_PUBLIC strictly: size prefix equal to what follows, known type, hash, mode, and curve, no trailing
/// bytes, and marshalling the result gives the same bytes back. Types: RSA, ECC, KEYEDHASH with HMAC.
///
/// A little-endian structure dump (first bytes 3A 01 00 00), a PEM or DER key and a TPMT_PUBLIC without its size are
/// told apart, so the refusal says which form was given and which is wanted.
///
/// \par Errors   S-332 with the field that is wrong; callers who got the bytes from a TPM map it to theirs
/// \par Source   TPM 2.0 Library Part 2, "TPM2B_PUBLIC", "TPMT_PUBLIC"
Result<PublicArea> parsePublic(ByteView tpm2bPublic);

/// The TPMT_PUBLIC, big-endian, without a size prefix.
Bytes marshalPublicArea(const PublicArea& area);
/// The TPM2B_PUBLIC: size prefix and TPMT_PUBLIC. What DPS calls endorsementKey, before base64.
Bytes marshalPublic(const PublicArea& area);

/// nameAlg as two big-endian bytes, then the digest of the TPMT_PUBLIC. Error S-340.
/// Source: TPM 2.0 Library Part 1, "Names".
Result<Bytes> objectName(const PublicArea& area);

/// The asymmetric key of the area. Errors D-113 if it is none or not usable, S-340
/// (crypto::requireUsableKey).
Result<crypto::PublicKey> publicKeyOf(const PublicArea& area);

/// "rsa2048", "ecc-p256", "hmac-sha256", …
std::string algorithmText(const PublicArea& area);

} // namespace enroll::attestation
