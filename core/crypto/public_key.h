#pragma once

#include "core/base/bytes.h"

#include <variant>

namespace enroll::crypto {

/// RSA public key as numbers.
struct RsaPublicKey {
    Bytes modulus; ///< big-endian, no leading zero byte
    std::uint32_t exponent = 65537;
    bool operator==(const RsaPublicKey&) const = default;
};

/// Curves by their TPM_ECC_CURVE.
enum class EccCurve : std::uint16_t { NistP256 = 0x0003, NistP384 = 0x0004, NistP521 = 0x0005 };

/// Bytes of one coordinate: 32, 48 or 66.
std::size_t coordinateSize(EccCurve curve) noexcept;

/// Point of an elliptic curve; coordinates are big-endian and padded to the curve's size.
struct EccPublicKey {
    EccCurve curve = EccCurve::NistP256;
    Bytes x;
    Bytes y;
    bool operator==(const EccPublicKey&) const = default;
};

using PublicKey = std::variant<RsaPublicKey, EccPublicKey>;

/// Error D-113 unless a secret encrypted to the key is safe: RSA with an odd modulus of 2048 to 4096 bits, top bit set,
/// and an odd exponent of at least 65537; ECC with a point on its curve, not at infinity. Error S-340 if OpenSSL cannot
/// check. Pure; any thread. See requireStrongKey() for keys of this shape that can be broken.
Result<void> requireUsableKey(const PublicKey& key);

} // namespace enroll::crypto
