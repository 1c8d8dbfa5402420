#include "core/crypto/key_weaknesses.h"

#include "core/base/device_code.h"
#include "core/crypto/gmp_number.h"
#include "core/crypto/small_factor.h"
#include "core/crypto/weak_keys.h"

namespace enroll::crypto {
namespace {

constexpr std::uint32_t kUsualExponent = 65537;
/// Rounds of Miller and Rabin's test after GMP's own first one: a number that passes all is a prime.
constexpr int kPrimeTests = 30;

/// Looks for x with x*x - n = y*y: then n = (x - y) * (x + y). The first x is the root of n, rounded up.
bool fermatFactors(const mpz_class& n)
{
    mpz_class x = sqrt(n);
    if (x * x < n) {
        ++x;
    }
    mpz_class rest = x * x - n;
    for (int step = 0; step < kFermatSteps; ++step) {
        if (mpz_perfect_square_p(rest.get_mpz_t()) != 0) {
            return true;
        }
        rest += 2 * x + 1; // (x + 1)^2 - x^2
        ++x;
    }
    return false;
}

/// A square has the "close" factors of Fermat's first step; it is called a power and nothing else.
std::optional<KeyWeakness> structureWeakness(const mpz_class& modulus)
{
    if (mpz_perfect_power_p(modulus.get_mpz_t()) != 0) {
        return KeyWeakness{Weakness::PerfectPower, "is a power of a smaller number"};
    }
    if (fermatFactors(modulus)) {
        return KeyWeakness{Weakness::CloseFactors, "has two factors close to its square root"};
    }
    if (mpz_probab_prime_p(modulus.get_mpz_t(), kPrimeTests) != 0) {
        return KeyWeakness{Weakness::PrimeModulus, "is a prime"};
    }
    return std::nullopt;
}

/// Puts \p key into \p found if requireUsableKey() refuses it.
Result<void> judgeUse(const PublicKey& key, std::vector<KeyWeakness>& found)
{
    auto usable = requireUsableKey(key);
    if (!usable.ok() && usable.error().code != DeviceCode::EndorsementKeyUnusable) {
        return usable;
    }
    if (!usable.ok()) {
        found.push_back({Weakness::Unusable, "is not usable: " + std::move(usable).error().what});
    }
    return {};
}

Result<std::vector<KeyWeakness>> weaknesses(const RsaPublicKey& key, std::uint32_t factor)
{
    std::vector<KeyWeakness> found;
    TRY_ASSIGN(const auto known, knownWeaknessOf(key, factor));
    if (known) {
        found.push_back(*known);
    }
    const bool smallFactor = known && known->weakness == Weakness::SmallFactor;
    if (const auto structure = smallFactor ? std::nullopt : structureWeakness(numberOf(key.modulus))) {
        found.push_back(*structure);
    }
    if (key.exponent != kUsualExponent) {
        found.push_back({Weakness::UnusualExponent, "has the exponent " + std::to_string(key.exponent)});
    }
    TRY(judgeUse(RsaPublicKey{key.modulus, kUsualExponent}, found));
    return found;
}

Result<std::vector<KeyWeakness>> weaknesses(const EccPublicKey& key, std::uint32_t /*factor*/)
{
    std::vector<KeyWeakness> found;
    TRY(judgeUse(key, found));
    return found;
}

} // namespace

std::string_view weaknessText(Weakness weakness) noexcept
{
    switch (weakness) {
    case Weakness::SmallFactor:
        return "small-factor";
    case Weakness::Roca:
        return "roca";
    case Weakness::CloseFactors:
        return "close-factors";
    case Weakness::PrimeModulus:
        return "prime-modulus";
    case Weakness::PerfectPower:
        return "perfect-power";
    case Weakness::UnusualExponent:
        return "unusual-exponent";
    case Weakness::Unusable:
        return "unusable";
    case Weakness::SharedFactor:
        return "shared-factor";
    case Weakness::RepeatedKey:
        return "repeated-key";
    }
    return "unusable";
}

Result<std::vector<KeyWeakness>> weaknessesOf(const PublicKey& key)
{
    TRY_ASSIGN(auto found, weaknessesOf(std::span{&key, 1}));
    return std::move(found.front());
}

Result<std::vector<std::vector<KeyWeakness>>> weaknessesOf(std::span<const PublicKey> keys)
{
    std::vector<mpz_class> moduli;
    for (const auto& key : keys) {
        const auto* rsa = std::get_if<RsaPublicKey>(&key);
        moduli.push_back(rsa != nullptr ? numberOf(rsa->modulus) : mpz_class{1});
    }
    const auto factors = smallFactorsOf(std::move(moduli));
    std::vector<std::vector<KeyWeakness>> all;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        TRY_ASSIGN(auto found,
                   std::visit([factor = factors[i]](const auto& kind) { return weaknesses(kind, factor); }, keys[i]));
        all.push_back(std::move(found));
    }
    return all;
}

} // namespace enroll::crypto
