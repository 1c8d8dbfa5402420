#include "core/crypto/batch_gcd.h"

#include "core/base/assert.h"
#include "core/base/cancellation.h"
#include "core/crypto/gmp_number.h"

#include <algorithm>

namespace enroll::crypto {
namespace {

using Numbers = std::vector<mpz_class>;

/// The products of neighbours; the last of an odd number stands for itself.
Result<Numbers> productsOfPairs(const Numbers& numbers, const std::stop_token& stop)
{
    Numbers products((numbers.size() + 1) / 2);
    for (std::size_t i = 0; i < products.size(); ++i) {
        TRY(requireNotCancelled(stop));
        products[i] = numbers[2 * i];
        if (2 * i + 1 < numbers.size()) {
            products[i] *= numbers[2 * i + 1];
        }
    }
    return products;
}

/// The moduli of one block, the products of their pairs, the products of these, up to the product of all.
class ProductTree {
public:
    static Result<ProductTree> make(std::span<const ByteView> moduli, const std::stop_token& stop)
    {
        ProductTree tree;
        Numbers leaves(moduli.size());
        std::ranges::transform(moduli, leaves.begin(), numberOf);
        tree.m_levels.push_back(std::move(leaves));
        while (tree.m_levels.back().size() > 1) {
            TRY_ASSIGN(auto next, productsOfPairs(tree.m_levels.back(), stop));
            tree.m_levels.push_back(std::move(next));
        }
        return tree;
    }

    [[nodiscard]] const mpz_class& product() const { return m_levels.back().front(); }

    /// For each modulus N its greatest common divisor with \p value / N, where N divides \p value. Takes the tree apart,
    /// level by level, so that its memory is free for the remainders.
    Result<Numbers> divisors(mpz_class value, const std::stop_token& stop) &&
    {
        Numbers remainders{std::move(value)};
        while (m_levels.size() > 1) {
            m_levels.pop_back();
            TRY_ASSIGN(remainders, remaindersBelow(remainders, m_levels.back(), stop));
        }
        return divisorsOfLeaves(std::move(remainders), m_levels.front());
    }

private:
    ProductTree() = default;

    static Result<Numbers> remaindersBelow(const Numbers& remainders, const Numbers& level, const std::stop_token& stop)
    {
        Numbers below(level.size());
        mpz_class square;
        for (std::size_t i = 0; i < level.size(); ++i) {
            TRY(requireNotCancelled(stop));
            square = level[i] * level[i];
            below[i] = remainders[i / 2] % square;
        }
        return below;
    }

    static Numbers divisorsOfLeaves(Numbers remainders, const Numbers& moduli)
    {
        for (std::size_t i = 0; i < moduli.size(); ++i) {
            mpz_divexact(remainders[i].get_mpz_t(), remainders[i].get_mpz_t(), moduli[i].get_mpz_t());
            mpz_gcd(remainders[i].get_mpz_t(), remainders[i].get_mpz_t(), moduli[i].get_mpz_t());
        }
        return remainders;
    }

    std::vector<Numbers> m_levels; ///< the moduli first
};

/// The moduli block by block, and the steps that are counted for the progress.
class BlockwiseGcd {
public:
    BlockwiseGcd(std::span<const ByteView> moduli, std::size_t block, const AuditProgress& progress,
                 const std::stop_token& stop)
        : m_moduli(moduli), m_block(block), m_blocks((moduli.size() + block - 1) / block), m_progress(progress),
          m_stop(stop)
    {}

    Result<Numbers> run()
    {
        TRY(multiplyBlocks());
        Numbers divisors;
        for (std::size_t i = 0; i < m_blocks; ++i) {
            TRY_ASSIGN(auto found, divisorsOfBlock(i));
            std::ranges::move(found, std::back_inserter(divisors));
        }
        return divisors;
    }

private:
    [[nodiscard]] std::span<const ByteView> blockAt(std::size_t i) const
    {
        return m_moduli.subspan(i * m_block, std::min(m_block, m_moduli.size() - i * m_block));
    }

    /// The product of each block. A single block needs none: its own tree holds it.
    Result<void> multiplyBlocks()
    {
        for (std::size_t i = 0; m_blocks > 1 && i < m_blocks; ++i) {
            TRY_ASSIGN(const auto tree, ProductTree::make(blockAt(i), m_stop));
            m_products.push_back(tree.product());
            stepDone();
        }
        return {};
    }

    Result<Numbers> divisorsOfBlock(std::size_t i)
    {
        mpz_class others = 1;
        for (std::size_t j = 0; j < m_products.size(); ++j) {
            if (i != j) {
                TRY(requireNotCancelled(m_stop));
                others = others * m_products[j] % m_products[i];
                stepDone();
            }
        }
        TRY_ASSIGN(auto tree, ProductTree::make(blockAt(i), m_stop));
        mpz_class all = tree.product() * others; // of every modulus, modulo the square of this block's product
        TRY_ASSIGN(auto divisors, std::move(tree).divisors(std::move(all), m_stop));
        stepDone();
        return divisors;
    }

    void stepDone()
    {
        const auto total = m_blocks > 1 ? m_blocks * (m_blocks + 1) : 1;
        if (++m_done; m_progress) {
            m_progress(m_done, total);
        }
    }

    std::span<const ByteView> m_moduli;
    std::size_t m_block;
    std::size_t m_blocks;
    const AuditProgress& m_progress;
    const std::stop_token& m_stop;
    Numbers m_products;
    std::size_t m_done = 0;
};

/// A modulus and what it shares, as the trees say it.
struct Suspect {
    std::size_t index;
    mpz_class modulus;
    mpz_class divisor;
};

/// The parts of a modulus whose every prime is shared: a divisor that says no more than the modulus does.
Result<Numbers> partsOf(const Suspect& suspect, const std::vector<Suspect>& all, const std::stop_token& stop)
{
    for (const auto& other : all) {
        TRY(requireNotCancelled(stop));
        const mpz_class part = gcd(suspect.modulus, other.divisor);
        if (part > 1 && part < suspect.modulus) {
            return Numbers{part, suspect.modulus / part};
        }
    }
    return Numbers{suspect.divisor};
}

} // namespace

Result<std::vector<SharedFactor>> sharedFactors(std::span<const ByteView> moduli, const AuditProgress& progress,
                                                const std::stop_token& stop, std::size_t block)
{
    ENROLL_ASSERT(block > 0, "a block holds at least one modulus");
    TRY_ASSIGN(const auto divisors, BlockwiseGcd(moduli, block, progress, stop).run());
    std::vector<Suspect> suspects;
    for (std::size_t i = 0; i < divisors.size(); ++i) {
        if (divisors[i] != 1) {
            suspects.push_back({i, numberOf(moduli[i]), divisors[i]});
        }
    }
    std::vector<SharedFactor> shared;
    for (const auto& suspect : suspects) {
        const bool whole = suspect.divisor == suspect.modulus;
        TRY_ASSIGN(const auto parts, whole ? partsOf(suspect, suspects, stop) : Result<Numbers>{{suspect.divisor}});
        for (const auto& part : parts) {
            shared.push_back({suspect.index, bytesOf(part)});
        }
    }
    return shared;
}

} // namespace enroll::crypto
