#include "core/delivery/back_off.h"

#include <QtTest>

#include <set>

using namespace enroll::delivery;
using std::chrono::milliseconds;
using std::chrono::seconds;

class TestBackOff : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void doublesWithEachFailureUpToTheMost();
    void addsAtMostTheJitter();
    void takesTheServersTimeInsteadOfItsOwn();
    void neverComesBackSoonerThanTheBase();
    void chanceStaysBetweenZeroAndOne();

private:
    const BackOff m_backOff{milliseconds{1000}, milliseconds{60000}, 0.25};
};

void TestBackOff::doublesWithEachFailureUpToTheMost()
{
    const std::vector<int> wanted{1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000};
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        QCOMPARE(waitAfter(static_cast<int>(i) + 1, {}, m_backOff, 0.0).count(), wanted[i]);
    }
    QCOMPARE(waitAfter(1'000'000, {}, m_backOff, 0.0).count(), 60000);
}

void TestBackOff::addsAtMostTheJitter()
{
    QCOMPARE(waitAfter(1, {}, m_backOff, 1.0).count(), 1250);
    QCOMPARE(waitAfter(1, {}, m_backOff, 0.5).count(), 1125);
}

void TestBackOff::takesTheServersTimeInsteadOfItsOwn()
{
    QCOMPARE(waitAfter(6, seconds{2}, m_backOff, 0.0).count(), 2000);
    QCOMPARE(waitAfter(1, seconds{300}, m_backOff, 0.0).count(), 300000);
    QVERIFY(waitAfter(1, seconds{300}, m_backOff, 0.7).count() > 300000);
}

void TestBackOff::neverComesBackSoonerThanTheBase()
{
    QCOMPARE(waitAfter(1, seconds{0}, m_backOff, 0.0).count(), 1000);
}

void TestBackOff::chanceStaysBetweenZeroAndOne()
{
    std::set<double> seen;
    for (int i = 0; i < 100; ++i) {
        const double value = chance();
        QVERIFY(value >= 0.0 && value <= 1.0);
        seen.insert(value);
    }
    QVERIFY(seen.size() > 90);
}

QTEST_APPLESS_MAIN(TestBackOff)
#include "tst_back_off.moc"
