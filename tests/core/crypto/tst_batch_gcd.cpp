#include "core/base/device_code.h"
#include "core/crypto/batch_gcd.h"
#include "tests/support/weak_moduli.h"

#include <QTest>

using namespace enroll;
using namespace enroll::crypto;
using namespace enroll::test;

namespace {

Bytes product(const BignumPtr& left, const BignumPtr& right)
{
    return bytesOf(productOf(left.get(), right.get()).get());
}

std::vector<SharedFactor> found(const std::vector<Bytes>& moduli, std::size_t block)
{
    const std::vector<ByteView> views(moduli.begin(), moduli.end());
    return sharedFactors(views, {}, {}, block).value();
}

/// So many moduli of 512 bits without a prime in common.
std::vector<Bytes> strangers(std::size_t count)
{
    std::vector<Bytes> moduli;
    while (moduli.size() < count) {
        moduli.push_back(product(freshPrime(256), freshPrime(256)));
    }
    return moduli;
}

} // namespace

/// Primes that moduli share, in every cut of the list into blocks.
class TestBatchGcd : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { m_strangers = strangers(23); }

    void worksOutWhatCanBeCheckedByHand();
    void findsNothingAmongStrangers_data() { blocks(); }
    void findsNothingAmongStrangers();
    void findsThePrimeOfTwo_data() { blocks(); }
    void findsThePrimeOfTwo();
    void splitsAModulusWhosePrimesAreBothShared_data() { blocks(); }
    void splitsAModulusWhosePrimesAreBothShared();
    void takesModuliOfDifferentSizes();
    void takesShortLists();
    void countsItsSteps();
    void endsWhenAsked_data() { blocks(); }
    void endsWhenAsked();

private:
    static void blocks()
    {
        QTest::addColumn<int>("block");
        for (const int block : {1, 2, 7, 24, 25, 26, 1000}) {
            QTest::addRow("%d", block) << block;
        }
    }
    std::vector<Bytes> m_strangers;
};

void TestBatchGcd::worksOutWhatCanBeCheckedByHand()
{
    // 15 = 3 * 5, 77 = 7 * 11, 21 = 3 * 7, 221 = 13 * 17
    const std::vector<Bytes> moduli{{std::byte{15}}, {std::byte{77}}, {std::byte{21}}, {std::byte{221}}};
    const std::vector<SharedFactor> expected{
        {0, {std::byte{3}}}, {1, {std::byte{7}}}, {2, {std::byte{3}}}, {2, {std::byte{7}}}};
    QCOMPARE(found(moduli, 100), expected);
    QCOMPARE(found(moduli, 1), expected);
    QCOMPARE(found(moduli, 3), expected);
}

void TestBatchGcd::findsNothingAmongStrangers()
{
    QFETCH(int, block);
    QVERIFY(found(m_strangers, static_cast<std::size_t>(block)).empty());
}

void TestBatchGcd::findsThePrimeOfTwo()
{
    QFETCH(int, block);
    const auto prime = freshPrime(256);
    auto moduli = m_strangers;
    moduli.insert(moduli.begin() + 3, product(prime, freshPrime(256)));
    moduli.insert(moduli.begin() + 20, product(freshPrime(256), prime));
    const std::vector<SharedFactor> expected{{3, bytesOf(prime.get())}, {20, bytesOf(prime.get())}};
    QCOMPARE(found(moduli, static_cast<std::size_t>(block)), expected);
}

void TestBatchGcd::splitsAModulusWhosePrimesAreBothShared()
{
    QFETCH(int, block);
    const auto p = freshPrime(256);
    const auto q = freshPrime(256);
    const auto r = freshPrime(256);
    auto moduli = m_strangers;
    moduli.push_back(product(p, q));
    moduli.push_back(product(q, r));
    moduli.insert(moduli.begin(), product(r, p));
    std::vector<std::pair<std::size_t, Bytes>> rows;
    for (const auto& row : found(moduli, static_cast<std::size_t>(block))) {
        rows.emplace_back(row.index, row.factor);
    }
    std::vector<std::pair<std::size_t, Bytes>> expected{{0, bytesOf(p.get())},  {0, bytesOf(r.get())},
                                                        {24, bytesOf(p.get())}, {24, bytesOf(q.get())},
                                                        {25, bytesOf(q.get())}, {25, bytesOf(r.get())}};
    std::ranges::sort(rows);
    std::ranges::sort(expected);
    QCOMPARE(rows, expected);
}

void TestBatchGcd::takesModuliOfDifferentSizes()
{
    const auto prime = freshPrime(512);
    const std::vector<Bytes> moduli{product(prime, freshPrime(1536)), product(freshPrime(256), freshPrime(256)),
                                    product(freshPrime(512), prime)};
    const std::vector<SharedFactor> expected{{0, bytesOf(prime.get())}, {2, bytesOf(prime.get())}};
    QCOMPARE(found(moduli, 2), expected);
    QCOMPARE(found(moduli, 3), expected);
}

void TestBatchGcd::takesShortLists()
{
    QVERIFY(found({}, 4).empty());
    QVERIFY(found({m_strangers.front()}, 4).empty());
}

void TestBatchGcd::countsItsSteps()
{
    const std::vector<ByteView> views(m_strangers.begin(), m_strangers.end());
    for (const std::size_t block : {1U, 6U, 23U}) {
        std::size_t last = 0;
        std::size_t all = 0;
        const auto progress = [&](std::size_t done, std::size_t total) {
            QCOMPARE(done, last + 1);
            last = done;
            all = total;
        };
        QVERIFY(sharedFactors(views, progress, {}, block).ok());
        QVERIFY(all > 0);
        QCOMPARE(last, all);
    }
}

void TestBatchGcd::endsWhenAsked()
{
    QFETCH(int, block);
    const std::vector<ByteView> views(m_strangers.begin(), m_strangers.end());
    std::stop_source source;
    source.request_stop();
    const auto result = sharedFactors(views, {}, source.get_token(), static_cast<std::size_t>(block));
    QVERIFY(!result.ok());
    QCOMPARE(result.error().code, DeviceCode::Cancelled);
}

QTEST_APPLESS_MAIN(TestBatchGcd)
#include "tst_batch_gcd.moc"
