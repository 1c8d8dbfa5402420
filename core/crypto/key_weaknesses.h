#pragma once

#include "core/base/result.h"
#include "core/crypto/public_key.h"
#include "core/crypto/weakness.h"

#include <span>
#include <vector>

namespace enroll::crypto {

/// Everything that is wrong with a key by itself, in the order of Weakness; empty for a good one. It takes about two
/// milliseconds for a modulus of 2048 bits, most of it for the test whether that is a prime: requireStrongKey(), which
/// every device's key must pass, is content with the first two.
///
/// - SmallFactor and Roca as in weak_keys.h. A modulus with a small factor is not tested for the next three.
/// - CloseFactors: Fermat's method finds the primes within kFermatSteps steps, which takes primes that agree in about
///   their upper half. Keys whose second prime is the next one after the first end at the first step.
/// - PrimeModulus and PerfectPower.
/// - UnusualExponent: any but 65537, which every known TPM uses for its endorsement keys.
/// - Unusable: as requireUsableKey(), the exponent left aside.
///
/// \par Errors   S-340. Pure; any thread
/// \par Source   Böck, "Fermat Factorization in the Wild", IACR ePrint 2023/026
Result<std::vector<KeyWeakness>> weaknessesOf(const PublicKey& key);

/// weaknessesOf() each of \p keys. Small factors are looked for in all together, which costs less the more there are: up
/// to kKeysTogether of them at a time.
Result<std::vector<std::vector<KeyWeakness>>> weaknessesOf(std::span<const PublicKey> keys);

inline constexpr std::size_t kKeysTogether = 64;

inline constexpr int kFermatSteps = 100;

} // namespace enroll::crypto
