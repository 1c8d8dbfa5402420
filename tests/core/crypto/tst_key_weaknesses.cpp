#include "core/crypto/key_weaknesses.h"
#include "core/crypto/openssl_key.h"
#include "tests/support/certificate_maker.h"
#include "tests/support/weak_moduli.h"

#include <QTest>

#include <openssl/rsa.h>

#include <algorithm>

using namespace enroll;
using namespace enroll::crypto;
using namespace enroll::test;

namespace {

using Weaknesses = std::vector<Weakness>;

Weaknesses found(const PublicKey& key)
{
    Weaknesses all;
    const auto rows = weaknessesOf(key).value();
    std::ranges::transform(rows, std::back_inserter(all), &KeyWeakness::weakness);
    return all;
}

RsaPublicKey freshKey(unsigned bits)
{
    const EvpPkeyPtr key{EVP_RSA_gen(bits)};
    return std::get<RsaPublicKey>(publicKeyFrom(key.get()).value());
}

} // namespace

/// One key of each kind, made from what is known to be wrong with it.
class TestKeyWeaknesses : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void findsNothingInGoodKeys();
    void findsTheRocaShape();
    void findsASmallFactorAndNoOther();
    void findsPrimesThatFollowEachOther();
    void findsPrimesThatAgreeInTheirUpperHalf();
    void leavesPrimesThatAgreeInLess();
    void findsAPrime();
    void findsAPower_data();
    void findsAPower();
    void findsAnUnusualExponent_data();
    void findsAnUnusualExponent();
    void findsAShortModulus();
    void findsAPointBesideItsCurve();
    void namesEveryWeaknessOnce();
};

void TestKeyWeaknesses::findsNothingInGoodKeys()
{
    QCOMPARE(found(freshKey(2048)), Weaknesses{});
    QCOMPARE(found(freshKey(3072)), Weaknesses{});
    QCOMPARE(found(TestKey::ecc().publicKey()), Weaknesses{});
}

void TestKeyWeaknesses::findsTheRocaShape()
{
    QCOMPARE(found(keyOf(rocaShapedModulus(123456789).get())), Weaknesses{Weakness::Roca});
}

void TestKeyWeaknesses::findsASmallFactorAndNoOther()
{
    const auto prime = freshPrime(1023);
    const BignumPtr root{BN_dup(prime.get())};
    BN_mul_word(root.get(), 3);
    const auto all = found(keyOf(productOf(root.get(), root.get()).get()));
    QCOMPARE(all.front(), Weakness::SmallFactor);
    QVERIFY(std::ranges::count(all, Weakness::PerfectPower) == 0);
}

void TestKeyWeaknesses::findsPrimesThatFollowEachOther()
{
    const auto p = freshPrime(1024);
    const auto q = primeAbove(p.get());
    QCOMPARE(found(keyOf(productOf(p.get(), q.get()).get())), Weaknesses{Weakness::CloseFactors});
}

void TestKeyWeaknesses::findsPrimesThatAgreeInTheirUpperHalf()
{
    const auto p = freshPrime(1024);
    const BignumPtr apart{BN_dup(p.get())};
    const BignumPtr distance{BN_new()};
    BN_one(distance.get());
    BN_lshift(distance.get(), distance.get(), 513);
    BN_add(apart.get(), apart.get(), distance.get());
    const auto q = primeAbove(apart.get());
    QCOMPARE(found(keyOf(productOf(p.get(), q.get()).get())), Weaknesses{Weakness::CloseFactors});
}

void TestKeyWeaknesses::leavesPrimesThatAgreeInLess()
{
    const auto p = freshPrime(1024);
    const BignumPtr apart{BN_dup(p.get())};
    const BignumPtr distance{BN_new()};
    BN_one(distance.get());
    BN_lshift(distance.get(), distance.get(), 560);
    BN_add(apart.get(), apart.get(), distance.get());
    const auto q = primeAbove(apart.get());
    QCOMPARE(found(keyOf(productOf(p.get(), q.get()).get())), Weaknesses{});
}

void TestKeyWeaknesses::findsAPrime()
{
    QCOMPARE(found(keyOf(freshPrime(2048).get())), Weaknesses{Weakness::PrimeModulus});
}

void TestKeyWeaknesses::findsAPower_data()
{
    QTest::addColumn<int>("bits");
    QTest::addColumn<int>("power");
    QTest::addRow("square") << 1024 << 2;
    QTest::addRow("fourth power") << 512 << 4;
    QTest::addRow("cube") << 688 << 3;
}

void TestKeyWeaknesses::findsAPower()
{
    QFETCH(int, bits);
    QFETCH(int, power);
    const auto prime = freshPrime(bits);
    BignumPtr modulus{BN_dup(prime.get())};
    for (int i = 1; i < power; ++i) {
        modulus = productOf(modulus.get(), prime.get());
    }
    const auto all = found(keyOf(modulus.get()));
    QVERIFY(std::ranges::count(all, Weakness::PerfectPower) == 1);
    QVERIFY(std::ranges::count(all, Weakness::CloseFactors) == 0);
}

void TestKeyWeaknesses::findsAnUnusualExponent_data()
{
    QTest::addColumn<uint>("exponent");
    for (const uint exponent : {1U, 3U, 17U, 65536U, 65539U}) {
        QTest::addRow("%u", exponent) << exponent;
    }
}

void TestKeyWeaknesses::findsAnUnusualExponent()
{
    QFETCH(uint, exponent);
    auto key = freshKey(2048);
    key.exponent = exponent;
    QCOMPARE(found(key), Weaknesses{Weakness::UnusualExponent});
}

void TestKeyWeaknesses::findsAShortModulus()
{
    QCOMPARE(found(freshKey(1024)), Weaknesses{Weakness::Unusable});
}

void TestKeyWeaknesses::findsAPointBesideItsCurve()
{
    auto key = std::get<EccPublicKey>(TestKey::ecc().publicKey());
    key.y.back() ^= std::byte{1};
    QCOMPARE(found(key), Weaknesses{Weakness::Unusable});
}

void TestKeyWeaknesses::namesEveryWeaknessOnce()
{
    std::vector<std::string_view> words;
    std::ranges::transform(kAllWeaknesses, std::back_inserter(words), weaknessText);
    std::ranges::sort(words);
    QVERIFY(std::ranges::adjacent_find(words) == words.end());
}

QTEST_APPLESS_MAIN(TestKeyWeaknesses)
#include "tst_key_weaknesses.moc"
