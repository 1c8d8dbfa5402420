#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "core/crypto/openssl_key.h"
#include "core/crypto/weak_keys.h"
#include "tests/support/activation_vectors.h"
#include "tests/support/certificate_maker.h"

#include <QtTest>

#include <openssl/rsa.h>

using namespace enroll;
using namespace enroll::crypto;

namespace {

/// The product of the primes from 2 to 701: what the faulty library takes for keys of 2048 bits. Source: Nemec and
/// others, "The Return of Coppersmith's Attack", table 1.
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

bool hasSmallFactor(const BIGNUM* number)
{
    for (BN_ULONG divisor = 2; divisor < 1000; ++divisor) {
        if (BN_mod_word(number, divisor) == 0) {
            return true;
        }
    }
    return false;
}

RsaPublicKey keyOf(const BIGNUM* modulus)
{
    RsaPublicKey key;
    key.modulus.resize(static_cast<std::size_t>(BN_num_bytes(modulus)));
    BN_bn2bin(modulus, u8(std::span{key.modulus}));
    return key;
}

/// k * M + (65537^a mod M) with 2048 bits: the shape of a prime of the library, and of the product of two.
BignumPtr rocaShapedModulus(BN_ULONG a)
{
    const auto primorial = primorialOf2048();
    const std::unique_ptr<BN_CTX, OpenSslFree<&BN_CTX_free>> context{BN_CTX_new()};
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
    } while (BN_num_bits(modulus.get()) != 2048 || hasSmallFactor(modulus.get()));
    return modulus;
}

RsaPublicKey freshKey(unsigned bits)
{
    const EvpPkeyPtr key{EVP_RSA_gen(bits)};
    return std::get<RsaPublicKey>(publicKeyFrom(key.get()).value());
}

ErrorCode codeOf(const PublicKey& key)
{
    const auto strong = requireStrongKey(key);
    return strong.ok() ? StationCode::InternalFault : strong.error().code;
}

} // namespace

class TstWeakKeys : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void takesFreshKeys();
    void takesAPointOfACurve();
    void refusesTheRocaShape_data();
    void refusesTheRocaShape();
    void takesWhatIsBesideTheRocaShape();
    void refusesASmallFactor_data();
    void refusesASmallFactor();
};

void TstWeakKeys::takesFreshKeys()
{
    for (int i = 0; i < 60; ++i) {
        QVERIFY(requireStrongKey(freshKey(1024)).ok());
    }
    QVERIFY(requireStrongKey(freshKey(2048)).ok());
    QVERIFY(requireStrongKey(test::TestKey::fromPem(test::ActivationVectors{}.text("ekPrivatePem")).publicKey()).ok());
}

void TstWeakKeys::takesAPointOfACurve()
{
    QVERIFY(requireStrongKey(test::TestKey::ecc().publicKey()).ok());
}

void TstWeakKeys::refusesTheRocaShape_data()
{
    QTest::addColumn<int>("exponent");
    for (const int exponent : {0, 1, 2, 83, 123456789}) {
        QTest::addRow("65537^%d", exponent) << exponent;
    }
}

void TstWeakKeys::refusesTheRocaShape()
{
    QFETCH(int, exponent);
    const auto modulus = rocaShapedModulus(static_cast<BN_ULONG>(exponent));
    QCOMPARE(codeOf(keyOf(modulus.get())), DeviceCode::WeakKey);
}

void TstWeakKeys::takesWhatIsBesideTheRocaShape()
{
    const auto modulus = rocaShapedModulus(123456789);
    do {
        BN_add_word(modulus.get(), 2);
    } while (hasSmallFactor(modulus.get()));
    QVERIFY(requireStrongKey(keyOf(modulus.get())).ok());
}

void TstWeakKeys::refusesASmallFactor_data()
{
    QTest::addColumn<int>("prime");
    for (const int prime : {2, 3, 67, 997}) {
        QTest::addRow("%d", prime) << prime;
    }
}

void TstWeakKeys::refusesASmallFactor()
{
    QFETCH(int, prime);
    const auto good = freshKey(2048);
    const BignumPtr modulus{BN_bin2bn(u8(ByteView{good.modulus}), static_cast<int>(good.modulus.size()), nullptr)};
    BN_sub_word(modulus.get(), BN_mod_word(modulus.get(), static_cast<BN_ULONG>(prime)));
    QCOMPARE(codeOf(keyOf(modulus.get())), DeviceCode::WeakKey);
}

QTEST_APPLESS_MAIN(TstWeakKeys)
#include "tst_weak_keys.moc"
