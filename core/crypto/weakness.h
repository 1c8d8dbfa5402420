#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace enroll::crypto {

/// Why the private half of a key can be computed from public halves, or why the key must not be used.
enum class Weakness : std::uint8_t {
    SmallFactor,     ///< a prime below 2^20 divides the modulus
    Roca,            ///< CVE-2017-15361
    CloseFactors,    ///< the two primes lie so close that their mean gives them away
    PrimeModulus,    ///< the modulus is a prime, so everybody knows its factors
    PerfectPower,    ///< the modulus is the square or a higher power of a number
    UnusualExponent, ///< the exponent is not 65537
    Unusable,        ///< requireUsableKey() refuses the key
    SharedFactor,    ///< another key's modulus has the same prime
    RepeatedKey,     ///< the key, or its modulus, has several registration ids or serial numbers
};

inline constexpr std::array kAllWeaknesses{Weakness::SmallFactor,  Weakness::Roca,         Weakness::CloseFactors,
                                           Weakness::PrimeModulus, Weakness::PerfectPower, Weakness::UnusualExponent,
                                           Weakness::Unusable,     Weakness::SharedFactor, Weakness::RepeatedKey};

/// "small-factor", "roca", …: words of documents, which never change.
std::string_view weaknessText(Weakness weakness) noexcept;

struct KeyWeakness {
    Weakness weakness = Weakness::Unusable;
    std::string detail; ///< English; what the modulus or key "is" or "has", without the subject
    bool operator==(const KeyWeakness&) const = default;
};

} // namespace enroll::crypto
