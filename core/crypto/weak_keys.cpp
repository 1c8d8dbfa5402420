#include "core/crypto/weak_keys.h"

#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "core/crypto/openssl_error.h"
#include "core/crypto/openssl_ptr.h"
#include "core/crypto/small_factor.h"

#include <algorithm>
#include <array>

namespace enroll::crypto {
namespace {

using BnCtxPtr = std::unique_ptr<BN_CTX, OpenSslFree<&BN_CTX_free>>;

/// The product of the primes from 2 to 167, "M" of the paper for the shortest keys; for longer keys M is a multiple of
/// it. The faulty library makes primes that are powers of 65537 modulo M. So a modulus, the product of two of them, is
/// such a power too, modulo M and modulo this number.
constexpr auto kPrimorial = "924CBA6AE99DFA084537FACC54948DF0C23DA044D8CABE0EDD75BC6";
/// The order of 65537 modulo kPrimorial, and its factors: prime powers, each small enough to search through.
constexpr auto kOrder = "2454106387091158800";
constexpr std::array<unsigned, 13> kOrderParts{16, 81, 25, 7, 11, 13, 17, 23, 29, 37, 41, 53, 83};
constexpr BN_ULONG kGenerator = 65537;

Error failed(const char* operation)
{
    return opensslError(StationCode::CryptoFailed, "the key cannot be examined", operation);
}

/// Arithmetic modulo kPrimorial.
class Residues {
public:
    static Result<Residues> make()
    {
        Residues residues;
        BIGNUM* modulus = nullptr;
        const bool read = BN_hex2bn(&modulus, kPrimorial) != 0;
        residues.m_modulus.reset(modulus);
        if (!read || !residues.m_context) {
            return failed("BN_hex2bn");
        }
        return residues;
    }

    [[nodiscard]] Result<BignumPtr> power(const BIGNUM* base, const BIGNUM* exponent) const
    {
        BignumPtr result{BN_new()};
        if (!result || BN_mod_exp(result.get(), base, exponent, m_modulus.get(), m_context.get()) != 1) {
            return failed("BN_mod_exp");
        }
        return result;
    }

    /// True if \p value is one of the first \p count powers of \p base, beginning with 1.
    [[nodiscard]] Result<bool> isPower(const BIGNUM* value, const BIGNUM* base, unsigned count) const
    {
        const BignumPtr reached{BN_new()};
        if (!reached || BN_one(reached.get()) != 1) {
            return failed("BN_one");
        }
        for (unsigned i = 0; i < count; ++i) {
            if (BN_cmp(reached.get(), value) == 0) {
                return true;
            }
            if (BN_mod_mul(reached.get(), reached.get(), base, m_modulus.get(), m_context.get()) != 1) {
                return failed("BN_mod_mul");
            }
        }
        return false;
    }

private:
    Residues() = default;

    BignumPtr m_modulus;
    BnCtxPtr m_context{BN_CTX_new()};
};

Result<BignumPtr> orderOver(unsigned part)
{
    BIGNUM* order = nullptr;
    const bool read = BN_dec2bn(&order, kOrder) != 0;
    BignumPtr owned{order};
    if (!read || BN_div_word(owned.get(), part) == static_cast<BN_ULONG>(-1)) {
        return failed("BN_div_word");
    }
    return owned;
}

/// True if \p modulus is a power of 65537 modulo kPrimorial.
///
/// First test: modulus^kOrder must be 1. Then, for each factor f of kOrder (Pohlig and Hellman): modulus^(kOrder/f)
/// must be one of the f powers of 65537^(kOrder/f). Both together hold for powers of 65537 alone.
Result<bool> hasRocaShape(const BIGNUM* modulus)
{
    TRY_ASSIGN(const auto residues, Residues::make());
    const BignumPtr generator{BN_new()};
    if (!generator || BN_set_word(generator.get(), kGenerator) != 1) {
        return failed("BN_set_word");
    }
    TRY_ASSIGN(const auto order, orderOver(1));
    TRY_ASSIGN(const auto whole, residues.power(modulus, order.get()));
    if (BN_is_one(whole.get()) != 1) {
        return false;
    }
    for (const auto part : kOrderParts) {
        TRY_ASSIGN(const auto exponent, orderOver(part));
        TRY_ASSIGN(const auto value, residues.power(modulus, exponent.get()));
        TRY_ASSIGN(const auto base, residues.power(generator.get(), exponent.get()));
        TRY_ASSIGN(const bool fits, residues.isPower(value.get(), base.get(), part));
        if (!fits) {
            return false;
        }
    }
    return true;
}

Result<void> requireStrong(const RsaPublicKey& key)
{
    TRY_ASSIGN(auto weakness, knownWeaknessOf(key));
    if (weakness) {
        return makeError(DeviceCode::WeakKey, "the RSA modulus " + std::move(weakness->detail));
    }
    return {};
}

Result<void> requireStrong(const EccPublicKey& /*key*/)
{
    return {};
}

} // namespace

Result<std::optional<KeyWeakness>> knownWeaknessOf(const RsaPublicKey& key)
{
    return knownWeaknessOf(key, smallFactorOf(numberOf(key.modulus)));
}

Result<std::optional<KeyWeakness>> knownWeaknessOf(const RsaPublicKey& key, std::uint32_t smallFactor)
{
    using Found = std::optional<KeyWeakness>;
    if (smallFactor != 0) {
        return Found{{Weakness::SmallFactor, "is divisible by " + std::to_string(smallFactor)}};
    }
    const BignumPtr modulus{BN_bin2bn(u8(ByteView{key.modulus}), static_cast<int>(key.modulus.size()), nullptr)};
    if (!modulus) {
        return failed("BN_bin2bn");
    }
    TRY_ASSIGN(const bool roca, hasRocaShape(modulus.get()));
    return roca ? Found{{Weakness::Roca, "has the ROCA shape (CVE-2017-15361)"}} : Found{};
}

Result<void> requireStrongKey(const PublicKey& key)
{
    return std::visit([](const auto& kind) { return requireStrong(kind); }, key);
}

} // namespace enroll::crypto
