#include "core/station/scan_burst.h"

#include <QTest>

using namespace enroll;
using std::chrono::milliseconds;

namespace {

/// \p count characters, one every \p gap, and a key another \p gap later.
bool isScan(int count, milliseconds gap)
{
    station::ScanBurst burst;
    station::ScanBurst::TimePoint now{};
    for (int i = 0; i < count; ++i) {
        burst.take(now);
        now += gap;
    }
    return burst.goesOnAt(now);
}

} // namespace

class TestScanBurst : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void knowsAScanner_data()
    {
        QTest::addColumn<int>("count");
        QTest::addColumn<int>("gap");
        QTest::addColumn<bool>("expected");
        QTest::newRow("fast scanner") << 9 << 1 << true;
        QTest::newRow("slow scanner") << 9 << 30 << true;
        QTest::newRow("at once") << 9 << 0 << true;
        QTest::newRow("fast fingers") << 9 << 70 << false;
        QTest::newRow("fingers") << 9 << 200 << false;
        QTest::newRow("three keys") << 3 << 1 << false;
        QTest::newRow("nothing") << 0 << 1 << false;
    }
    void knowsAScanner()
    {
        QFETCH(const int, count);
        QFETCH(const int, gap);
        QFETCH(const bool, expected);
        QCOMPARE(isScan(count, milliseconds{gap}), expected);
    }

    void aKeyLongAfterItIsAPersons()
    {
        station::ScanBurst burst;
        station::ScanBurst::TimePoint now{};
        burst.take(now, 9);
        QVERIFY(burst.goesOnAt(now + milliseconds{100}));
        QVERIFY(!burst.goesOnAt(now + milliseconds{400}));
    }

    void whatWasTypedBeforeIsNoPartOfIt()
    {
        station::ScanBurst burst;
        station::ScanBurst::TimePoint now{};
        burst.take(now);
        now += milliseconds{900};
        for (int i = 0; i < 9; ++i) {
            burst.take(now);
            now += milliseconds{5};
        }
        QVERIFY(burst.goesOnAt(now));
    }

    /// The program was busy, and the keys came late but together.
    void aStallDoesNotMakeAScannerAPerson()
    {
        station::ScanBurst burst;
        station::ScanBurst::TimePoint now{};
        for (int i = 0; i < 9; ++i) {
            burst.take(now);
            now += i == 4 ? milliseconds{140} : milliseconds{5};
        }
        QVERIFY(burst.goesOnAt(now));
    }

    void aScanHasAFewestNumberOfCharacters()
    {
        station::ScanBurst burst;
        burst.take({}, 6);
        QVERIFY(burst.isScan(6));
        QVERIFY(!burst.isScan(7));
        burst.forget();
        burst.take({}, 3);
        QVERIFY(!burst.isScan(1)); // three keys are a person's, whatever is asked for
    }

    void forgets()
    {
        station::ScanBurst burst;
        const station::ScanBurst::TimePoint now{};
        burst.take(now, 9);
        burst.forget();
        QVERIFY(!burst.goesOnAt(now));
    }
};

QTEST_GUILESS_MAIN(TestScanBurst)
#include "tst_scan_burst.moc"
