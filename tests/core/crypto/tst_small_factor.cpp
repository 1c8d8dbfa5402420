#include "core/crypto/small_factor.h"

#include <QTest>

using namespace enroll::crypto;

namespace {

/// 2^2203 - 1, a prime.
mpz_class largePrime()
{
    mpz_class prime = 1;
    prime <<= 2203;
    return prime - 1;
}

constexpr std::uint32_t kLastBelow = 1048573;
constexpr std::uint32_t kFirstAbove = 1048583;

} // namespace

class TestSmallFactor : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void findsEachPrimeBelowTheEnd()
    {
        int found = 0;
        for (std::uint32_t number = 2; number < 2000; ++number) {
            const bool prime = mpz_probab_prime_p(mpz_class{number}.get_mpz_t(), 30) != 0;
            found += prime ? 1 : 0;
            QCOMPARE(smallFactorOf(largePrime() * number) == number, prime);
        }
        QCOMPARE(found, 303);
        for (const std::uint32_t prime : {65537U, 524287U, kLastBelow}) {
            QCOMPARE(smallFactorOf(largePrime() * prime), prime);
            QCOMPARE(smallFactorOf(mpz_class{prime}), prime);
        }
    }

    void findsNoneAboveIt()
    {
        QVERIFY(kLastBelow < kSmallPrimesEnd && kSmallPrimesEnd < kFirstAbove);
        QCOMPARE(smallFactorOf(largePrime() * kFirstAbove), 0U);
        QCOMPARE(smallFactorOf(largePrime()), 0U);
        QCOMPARE(smallFactorOf(mpz_class{1}), 0U);
    }

    void namesTheSmallest()
    {
        QCOMPARE(smallFactorOf(largePrime() * kLastBelow * 65537 * 1009), 1009U);
        QCOMPARE(smallFactorOf(largePrime() * 65537 * 65537), 65537U);
        QCOMPARE(smallFactorOf(largePrime() * 65537 * 2), 2U);
        QCOMPARE(smallFactorOf(mpz_class{0}), 2U);
    }

    /// Together as each by itself, wherever in a block it stands and however many there are.
    void findsTheSameInABlock()
    {
        QVERIFY(smallFactorsOf({}).empty());
        for (std::size_t size = 1; size < 70; ++size) {
            std::vector<mpz_class> numbers(size, largePrime());
            std::vector<std::uint32_t> wanted(size, 0);
            numbers.front() = 0;
            wanted.front() = 2;
            numbers[size / 2] *= 65537;
            wanted[size / 2] = size / 2 == 0 ? 2 : 65537;
            numbers.back() *= 15;
            wanted.back() = size == 1 ? 2 : 3;
            QCOMPARE(smallFactorsOf(numbers), wanted);
        }
    }
};

QTEST_APPLESS_MAIN(TestSmallFactor)
#include "tst_small_factor.moc"
