#pragma once

#include "core/crypto/public_key.h"

namespace enroll::crypto {

/// Error D-128 for an RSA key whose private half can be worked out from the public one:
/// - the modulus has a prime factor below 1000: no two large primes were multiplied;
/// - the modulus has the shape of the library of some Infineon TPMs (ROCA, CVE-2017-15361). A firmware update does not
///   mend a key that the chip made before.
///
/// Fewer than one good key in 2^150 has that shape by chance. Keys on curves have no such test. Error S-340. Pure; any
/// thread.
///
/// \par Source   Nemec and others, "The Return of Coppersmith's Attack", ACM CCS 2017, section 4
Result<void> requireStrongKey(const PublicKey& key);

} // namespace enroll::crypto
