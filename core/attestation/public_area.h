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

/// A TPMT_PUBLIC as a value: the public part of a TPM object.
struct PublicArea {
    crypto::HashAlgorithm nameAlgorithm = crypto::HashAlgorithm::Sha256;
    std::uint32_t attributes = 0;
    Bytes authPolicy; ///< empty, or of nameAlgorithm's size
    std::variant<RsaParameters, EccParameters, HmacParameters> parameters;
    std::variant<Bytes, EccPoint> unique; ///< modulus or digest; point for ECC. As on the wire, unpadded
    bool operator==(const PublicArea&) const = default;
};

/// Parses a TPM2B_PUBLIC of type RSA, ECC, or KEYEDHASH with HMAC. Pure.
///
/// Strict: the size prefix equals the number of bytes that follow; type, hash, mode and curve are known; no byte is
/// left over; and marshalling the result gives the same bytes. So two different byte strings never count as one key.
///
/// The error of a PEM or DER key, a TPMT_PUBLIC without its size, and a little-endian structure dump (first bytes 3A 01
/// 00 00) names that form: people paste these by mistake.
///
/// \par Errors   S-337 naming the wrong field; a caller who has the bytes from a TPM gives it another code
/// \par Source   TPM 2.0 Library Part 2, "TPM2B_PUBLIC", "TPMT_PUBLIC"
Result<PublicArea> parsePublic(ByteView tpm2bPublic);

/// The TPMT_PUBLIC, big-endian, without a size prefix.
Bytes marshalPublicArea(const PublicArea& area);
/// The TPM2B_PUBLIC: two-byte size prefix and TPMT_PUBLIC, big-endian. In base64 it is DPS' member endorsementKey.
Bytes marshalPublic(const PublicArea& area);

/// The name of an object: nameAlg as two big-endian bytes, then the digest of the TPMT_PUBLIC. Error S-340.
/// Source: TPM 2.0 Library Part 1, "Names".
Result<Bytes> objectName(const PublicArea& area);

/// The asymmetric key of the area as it stands there, whether or not it is usable: for those who judge it. Error D-113 (not
/// an asymmetric key, or its size is not the stated one). Pure.
Result<crypto::PublicKey> statedKeyOf(const PublicArea& area);

/// The asymmetric key of the area, checked by crypto::requireUsableKey(). Errors D-113 (not an asymmetric key, or not a
/// usable one), S-340.
Result<crypto::PublicKey> publicKeyOf(const PublicArea& area);

/// "rsa2048", "ecc-p256", "hmac-sha256", …
std::string algorithmText(const PublicArea& area);

} // namespace enroll::attestation
