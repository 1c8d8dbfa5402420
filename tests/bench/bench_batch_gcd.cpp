// Shared primes among many moduli: the batch beside every pair, with the same library, on one small set; then the batch
// on three whole blocks, whose steps tell what a million keys would take. Prints ratio, times and memory; judges nothing.

#include "core/crypto/batch_gcd.h"
#include "core/crypto/gmp_number.h"
#include "tests/bench/bench_kit.h"

#include <random>
#include <sys/resource.h>

namespace {

using namespace enroll;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kModulusSize = 256;
constexpr std::size_t kSmallSet = 1000;
constexpr std::size_t kBlocks = 3;
constexpr std::size_t kPlant = 1'000'000;
constexpr double kMebibyte = 1024.0 * 1024.0;

double secondsSince(Clock::time_point start)
{
    return std::chrono::duration<double>(Clock::now() - start).count();
}

/// The most memory the process ever had, in MiB.
double peakMemory()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1024.0;
}

/// Odd random numbers of 2048 bits: arithmetic takes as long on them as on products of two primes.
std::vector<Bytes> randomModuli(std::size_t count)
{
    std::mt19937_64 random{20261128}; // NOLINT(cert-msc51-cpp): the same numbers in every run
    std::vector<Bytes> moduli(count, Bytes(kModulusSize));
    for (auto& modulus : moduli) {
        for (auto& byte : modulus) {
            byte = static_cast<std::byte>(random());
        }
        modulus.front() |= std::byte{0x80};
        modulus.back() |= std::byte{1};
    }
    return moduli;
}

std::vector<ByteView> viewsOf(const std::vector<Bytes>& moduli, std::size_t count)
{
    return {moduli.begin(), moduli.begin() + static_cast<std::ptrdiff_t>(count)};
}

double secondsOfPairs(std::span<const ByteView> moduli)
{
    std::vector<mpz_class> numbers;
    for (const auto modulus : moduli) {
        numbers.push_back(crypto::numberOf(modulus));
    }
    const auto start = Clock::now();
    std::size_t shared = 0;
    mpz_class divisor;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        for (std::size_t j = i + 1; j < numbers.size(); ++j) {
            mpz_gcd(divisor.get_mpz_t(), numbers[i].get_mpz_t(), numbers[j].get_mpz_t());
            shared += divisor > 1 ? 1U : 0U;
        }
    }
    const auto seconds = secondsSince(start);
    std::printf("every pair of %5zu      %8.2f s   (%zu pairs share something)\n", moduli.size(), seconds, shared);
    return seconds;
}

double secondsOfBatch(std::span<const ByteView> moduli)
{
    const auto start = Clock::now();
    const auto shared = crypto::sharedFactors(moduli, {}, {});
    if (!shared.ok()) {
        bench::giveUp("the batch failed");
    }
    return secondsSince(start);
}

/// The steps of three whole blocks: three products; then for each block a multiplication for either of the others, and
/// its tree. The first of these multiplications is by one.
void extrapolate(std::span<const ByteView> moduli)
{
    std::vector<double> ends;
    const auto start = Clock::now();
    const auto progress = [&](std::size_t, std::size_t) { ends.push_back(secondsSince(start)); };
    if (!crypto::sharedFactors(moduli, progress, {}).ok() || ends.size() != kBlocks * (kBlocks + 1)) {
        bench::giveUp("the blocks failed");
    }
    const double product = ends[2] / kBlocks;
    const double between = ends[4] - ends[3];
    const double tree = ends[5] - ends[4];
    std::printf(
        "%zu blocks of %zu       %8.1f s   (product %.2f s, between two blocks %.2f s, tree %.1f s), %.0f MiB\n",
        kBlocks, crypto::kGcdBlock, ends.back(), product, between, tree, peakMemory());
    constexpr std::size_t kBlocksOfThePlant = (kPlant + crypto::kGcdBlock - 1) / crypto::kGcdBlock;
    const auto blocks = static_cast<double>(kBlocksOfThePlant);
    const double seconds = blocks * (product + tree) + blocks * (blocks - 1) * between;
    const double more = static_cast<double>(kPlant - moduli.size()) * kModulusSize / kMebibyte;
    std::printf("%zu keys would take  %8.0f min and %.0f MiB, moduli and products of the blocks included\n", kPlant,
                seconds / 60, peakMemory() + 2 * more);
}

} // namespace

int main()
{
    const auto moduli = randomModuli(kBlocks * crypto::kGcdBlock);
    const auto small = viewsOf(moduli, kSmallSet);
    const auto pairs = secondsOfPairs(small);
    const auto batch = secondsOfBatch(small);
    std::printf("batch of %5zu           %8.2f s\n", small.size(), batch);
    std::printf("ratio of rates           %8.1f     (it grows with the number of keys)\n", pairs / batch);
    extrapolate(viewsOf(moduli, moduli.size()));
    return 0;
}
