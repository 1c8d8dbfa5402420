#pragma once

#include "core/base/bytes.h"

#include <functional>
#include <stop_token>

namespace enroll::crypto {

/// A factor that the modulus at \p index of a list has in common with another modulus of the list.
struct SharedFactor {
    std::size_t index = 0;
    Bytes factor; ///< big-endian, no leading zero byte; the modulus itself if it cannot be split
    bool operator==(const SharedFactor&) const = default;
};

/// Steps done and of all steps, on the calling thread.
using AuditProgress = std::function<void(std::size_t done, std::size_t total)>;

/// Moduli of one block. Larger blocks are faster (the time between blocks falls with the size of a block) and take more
/// memory.
inline constexpr std::size_t kGcdBlock = 32768;

/// Every factor that a modulus shares with another one, in the order of the list. Two RSA moduli with one prime in common
/// are both broken: their greatest common divisor is that prime. A modulus that shares both of its primes has two rows.
/// \p moduli are positive and differ from each other: equal ones would share all and say nothing.
///
/// Trying every pair takes the square of the number of keys. A product tree and a remainder tree take little more than
/// its first power, but a tree over a million moduli of 2048 bits is 5 GiB large. So there is one tree a block, and the
/// products of the other blocks are multiplied up modulo the product of this one.
///
/// Memory beyond \p moduli: one modulus a key for the products of the blocks (256 MiB for 2^20 keys of 2048 bits), and a
/// workspace of 36 moduli a key of one block (about 290 MiB), whatever the number of keys. A stop is heeded between two
/// multiplications, the longest of which takes some seconds.
///
/// \par Errors   D-141. Pure but for \p progress; any thread
/// \par Source   Bernstein, "How to find smooth parts of integers", 2004; Heninger and others, "Mining Your Ps and Qs",
///               USENIX Security 2012, section 3.3
Result<std::vector<SharedFactor>> sharedFactors(std::span<const ByteView> moduli, const AuditProgress& progress,
                                                const std::stop_token& stop, std::size_t block = kGcdBlock);

} // namespace enroll::crypto
