#include "core/crypto/small_factor.h"

#include <vector>

namespace enroll::crypto {
namespace {

/// The primes below kSmallPrimesEnd but 2, by the sieve of Eratosthenes over the odd numbers.
std::vector<mpz_class> oddPrimes()
{
    std::vector<bool> composite(kSmallPrimesEnd / 2); // of 2 * i + 1
    std::vector<mpz_class> primes;
    for (std::size_t i = 1; i < composite.size(); ++i) {
        if (composite[i]) {
            continue;
        }
        const auto prime = 2 * i + 1;
        primes.emplace_back(static_cast<unsigned long>(prime));
        for (auto multiple = (prime * prime - 1) / 2; multiple < composite.size(); multiple += prime) {
            composite[multiple] = true;
        }
    }
    return primes;
}

/// The product of all, by pairs, so that the factors of each multiplication are of one size.
mpz_class productOf(std::vector<mpz_class> numbers)
{
    while (numbers.size() > 1) {
        const auto half = numbers.size() / 2;
        for (std::size_t i = 0; i < half; ++i) {
            numbers[i] *= numbers[numbers.size() - 1 - i];
        }
        numbers.resize(numbers.size() - half);
    }
    return std::move(numbers.front());
}

/// The product of the primes below kSmallPrimesEnd but 2.
const mpz_class& primesTogether()
{
    static const mpz_class kProduct = productOf(oddPrimes());
    return kProduct;
}

/// The smallest odd number above 1 that divides \p number, which has a factor below kSmallPrimesEnd. It is a prime.
std::uint32_t smallestOddFactor(const mpz_class& number)
{
    std::uint32_t factor = 3;
    while (factor < kSmallPrimesEnd && mpz_divisible_ui_p(number.get_mpz_t(), factor) == 0) {
        factor += 2;
    }
    return factor;
}

bool isEven(const mpz_class& number)
{
    return mpz_even_p(number.get_mpz_t()) != 0;
}

using Numbers = std::vector<mpz_class>;

/// The products of neighbours; the last of an odd number stands for itself.
Numbers pairsOf(const Numbers& numbers)
{
    Numbers products;
    for (std::size_t i = 0; i < numbers.size(); i += 2) {
        products.push_back(i + 1 < numbers.size() ? mpz_class{numbers[i] * numbers[i + 1]} : numbers[i]);
    }
    return products;
}

/// \p value modulo each of \p moduli, of which none is zero.
/// Source: Bernstein, "How to find smooth parts of integers", 2004, algorithm 2.1
Numbers remaindersOf(const mpz_class& value, const Numbers& moduli)
{
    std::vector<Numbers> levels{moduli};
    while (levels.back().size() > 1) {
        levels.push_back(pairsOf(levels.back()));
    }
    Numbers remainders{value};
    for (auto level = levels.rbegin(); level != levels.rend(); ++level) {
        Numbers below;
        for (std::size_t i = 0; i < level->size(); ++i) {
            below.emplace_back(remainders[remainders.size() == 1 ? 0 : i / 2] % (*level)[i]);
        }
        remainders = std::move(below);
    }
    return remainders;
}

} // namespace

std::uint32_t smallFactorOf(const mpz_class& number)
{
    return smallFactorsOf({number}).front();
}

std::vector<std::uint32_t> smallFactorsOf(std::vector<mpz_class> numbers)
{
    std::vector<std::uint32_t> factors(numbers.size());
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        if (isEven(numbers[i])) {
            factors[i] = 2;
            numbers[i] = 1; // which nothing divides
        }
    }
    if (numbers.empty()) {
        return factors;
    }
    const auto remainders = remaindersOf(primesTogether(), numbers);
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        const mpz_class common = gcd(remainders[i], numbers[i]);
        if (common != 1) {
            factors[i] = smallestOddFactor(common);
        }
    }
    return factors;
}

} // namespace enroll::crypto
