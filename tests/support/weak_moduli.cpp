#include "tests/support/weak_moduli.h"

namespace enroll::test {

using namespace crypto;

namespace {

using BnCtxPtr = std::unique_ptr<BN_CTX, OpenSslFree<&BN_CTX_free>>;

BignumPtr primorialOf2048()
{
    BignumPtr product{BN_new()};
    BN_one(product.get());
    for (unsigned n = 2; n <= 701; ++n) {
        bool isPrime = true;
        for (unsigned d = 2; d * d <= n; ++d) {
            isPrime = isPrime && n % d != 0;
        }
        if (isPrime) {
            BN_mul_word(product.get(), n);
        }
    }
    return product;
}

} // namespace

bool hasSmallFactor(const BIGNUM* number)
{
    for (BN_ULONG divisor = 2; divisor < 1U << 20U; ++divisor) {
        if (BN_mod_word(number, divisor) == 0) {
            return true;
        }
    }
    return false;
}

BignumPtr rocaShapedModulus(BN_ULONG a)
{
    const auto primorial = primorialOf2048();
    const BnCtxPtr context{BN_CTX_new()};
    const BignumPtr base{BN_new()};
    const BignumPtr exponent{BN_new()};
    const BignumPtr residue{BN_new()};
    BN_set_word(base.get(), 65537);
    BN_set_word(exponent.get(), a);
    BN_mod_exp(residue.get(), base.get(), exponent.get(), primorial.get(), context.get());

    const BignumPtr factor{BN_new()};
    BN_one(factor.get());
    BN_lshift(factor.get(), factor.get(), 2048 - BN_num_bits(primorial.get()));
    BignumPtr modulus{BN_new()};
    do {
        BN_add_word(factor.get(), 1);
        BN_mul(modulus.get(), factor.get(), primorial.get(), context.get());
        BN_add(modulus.get(), modulus.get(), residue.get());
    } while (BN_num_bits(modulus.get()) != 2048 || hasSmallFactor(modulus.get()) ||
             BN_check_prime(modulus.get(), context.get(), nullptr) == 1);
    return modulus;
}

BignumPtr freshPrime(int bits)
{
    BignumPtr prime{BN_new()};
    BN_generate_prime_ex(prime.get(), bits, 0, nullptr, nullptr, nullptr);
    return prime;
}

BignumPtr primeAbove(const BIGNUM* number)
{
    BignumPtr prime{BN_dup(number)};
    const BnCtxPtr context{BN_CTX_new()};
    do {
        BN_add_word(prime.get(), 1);
    } while (BN_check_prime(prime.get(), context.get(), nullptr) != 1);
    return prime;
}

BignumPtr productOf(const BIGNUM* left, const BIGNUM* right)
{
    BignumPtr product{BN_new()};
    const BnCtxPtr context{BN_CTX_new()};
    BN_mul(product.get(), left, right, context.get());
    return product;
}

Bytes bytesOf(const BIGNUM* number)
{
    Bytes bytes(static_cast<std::size_t>(BN_num_bytes(number)));
    BN_bn2bin(number, u8(std::span{bytes}));
    return bytes;
}

RsaPublicKey keyOf(const BIGNUM* modulus)
{
    RsaPublicKey key;
    key.modulus = bytesOf(modulus);
    return key;
}

} // namespace enroll::test
