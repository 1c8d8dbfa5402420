#pragma once

#include "core/crypto/public_key.h"
#include "core/crypto/weakness.h"

#include <optional>

namespace enroll::crypto {

/// The reason why requireStrongKey() refuses an RSA key: SmallFactor or Roca. Error S-340. Pure; any thread.
Result<std::optional<KeyWeakness>> knownWeaknessOf(const RsaPublicKey& key);
/// The same where \p smallFactor, the smallest prime factor below 2^20, is known; 0 if there is none.
Result<std::optional<KeyWeakness>> knownWeaknessOf(const RsaPublicKey& key, std::uint32_t smallFactor);

/// Error D-128 for an RSA key whose private half can be computed from the public half:
/// - the modulus has a prime factor below 2^20, so it is not the product of two large primes;
/// - the modulus has the shape that the library of some Infineon TPMs gives it (ROCA, CVE-2017-15361). The key is
///   tested and not the firmware version, because a firmware update does not repair a key that the chip made before.
///
/// Fewer than one good key in 2^150 has that shape by chance. ECC keys pass: there is no such test for them.
/// \par Errors   D-128, S-340. Pure; any thread
///
/// \par Source   Nemec and others, "The Return of Coppersmith's Attack", ACM CCS 2017, section 4
Result<void> requireStrongKey(const PublicKey& key);

} // namespace enroll::crypto
