#include "core/crypto/weak_keys.h"

#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "core/crypto/openssl_error.h"
#include "core/crypto/openssl_ptr.h"

#include <algorithm>
#include <array>

namespace enroll::crypto {
namespace {

using BnCtxPtr = std::unique_ptr<BN_CTX, OpenSslFree<&BN_CTX_free>>;

constexpr unsigned kLargestSmallPrime = 1000;

/// The product of the primes from 2 to 167. The primes of the faulty library are powers of 65537 modulo a product that
/// this one divides (it equals this one for the shortest keys and grows with them), and so is the product of two.
constexpr auto kPrimorial = "924CBA6AE99DFA084537FACC54948DF0C23DA044D8CABE0EDD75BC6";
/// How many powers of 65537 there are modulo that product, and the powers of primes that this number is made of.
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

/// True if \p modulus is a power of 65537 in \p residues: its order divides that of 65537, and each part of it, which
/// has few powers, is found among the powers of the same part of 65537 (Pohlig and Hellman).
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

/// The smallest prime below kLargestSmallPrime that divides the modulus, 0 if none does. Composite divisors are tried
/// too, but one of their primes is smaller and is found first.
unsigned smallFactorOf(const BIGNUM* modulus)
{
    for (unsigned divisor = 2; divisor < kLargestSmallPrime; ++divisor) {
        if (BN_mod_word(modulus, divisor) == 0) {
            return divisor;
        }
    }
    return 0;
}

Result<void> requireStrong(const RsaPublicKey& key)
{
    const BignumPtr modulus{BN_bin2bn(u8(ByteView{key.modulus}), static_cast<int>(key.modulus.size()), nullptr)};
    if (!modulus) {
        return failed("BN_bin2bn");
    }
    if (const auto factor = smallFactorOf(modulus.get()); factor != 0) {
        return makeError(DeviceCode::WeakKey, "the RSA modulus can be divided by " + std::to_string(factor));
    }
    TRY_ASSIGN(const bool roca, hasRocaShape(modulus.get()));
    if (roca) {
        return makeError(DeviceCode::WeakKey, "the RSA modulus has the ROCA shape (CVE-2017-15361)");
    }
    return {};
}

Result<void> requireStrong(const EccPublicKey& /*key*/)
{
    return {};
}

} // namespace

Result<void> requireStrongKey(const PublicKey& key)
{
    return std::visit([](const auto& kind) { return requireStrong(kind); }, key);
}

} // namespace enroll::crypto
