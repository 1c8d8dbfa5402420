#pragma once

#include <cstdint>

/// TPM_ALG_ID values that a public area can name. Source: TPM 2.0 Library Part 2, "TPM_ALG_ID".
namespace enroll::attestation::alg {

inline constexpr std::uint16_t kRsa = 0x0001;
inline constexpr std::uint16_t kHmac = 0x0005;
inline constexpr std::uint16_t kAes = 0x0006;
inline constexpr std::uint16_t kMgf1 = 0x0007;
inline constexpr std::uint16_t kKeyedHash = 0x0008;
inline constexpr std::uint16_t kNull = 0x0010;
inline constexpr std::uint16_t kSm4 = 0x0013;
inline constexpr std::uint16_t kRsaSsa = 0x0014;
inline constexpr std::uint16_t kRsaEs = 0x0015;
inline constexpr std::uint16_t kRsaPss = 0x0016;
inline constexpr std::uint16_t kOaep = 0x0017;
inline constexpr std::uint16_t kEcdsa = 0x0018;
inline constexpr std::uint16_t kEcdh = 0x0019;
inline constexpr std::uint16_t kSm2 = 0x001B;
inline constexpr std::uint16_t kEcSchnorr = 0x001C;
inline constexpr std::uint16_t kEcMqv = 0x001D;
inline constexpr std::uint16_t kKdf1Sp800_56a = 0x0020;
inline constexpr std::uint16_t kKdf2 = 0x0021;
inline constexpr std::uint16_t kKdf1Sp800_108 = 0x0022;
inline constexpr std::uint16_t kEcc = 0x0023;
inline constexpr std::uint16_t kCfb = 0x0043;

// TPM_ECC_CURVE. Source: TPM 2.0 Library Part 2, "TPM_ECC_CURVE".
inline constexpr std::uint16_t kNistP256 = 0x0003;
inline constexpr std::uint16_t kNistP384 = 0x0004;
inline constexpr std::uint16_t kNistP521 = 0x0005;
inline constexpr std::uint16_t kSm2P256 = 0x0020;

} // namespace enroll::attestation::alg
