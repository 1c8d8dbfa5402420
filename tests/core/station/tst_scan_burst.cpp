#include "core/station/scan_burst.h"

#include <QTest>

#include <map>

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

    /// A scanner lets a key go before the next one, and at once.
    void knowsAFinger_data()
    {
        QTest::addColumn<int>("hold");
        QTest::addColumn<int>("gap");
        QTest::addColumn<bool>("finger");
        QTest::newRow("fast scanner") << 0 << 1 << false;
        QTest::newRow("slow scanner") << 30 << 30 << false;
        QTest::newRow("longest") << 50 << 60 << false;
        QTest::newRow("finger") << 60 << 60 << true;
        QTest::newRow("the next one before this one is up") << 20 << 10 << true;
    }
    void knowsAFinger()
    {
        QFETCH(const int, hold);
        QFETCH(const int, gap);
        QFETCH(const bool, finger);
        station::ScanBurst burst;
        const station::ScanBurst::TimePoint start{};
        std::multimap<int, std::pair<bool, int>> keys; // when, down, which
        for (int key = 0; key < 9; ++key) {
            keys.emplace(key * gap, std::pair{true, key});
            keys.emplace(key * gap + hold, std::pair{false, key});
        }
        for (const auto& [at, key] : keys) {
            key.first ? burst.press(start + milliseconds{at}, key.second)
                      : burst.release(start + milliseconds{at}, key.second);
        }
        QCOMPARE(burst.count(), 9);
        QCOMPARE(burst.hasFinger(), finger);
    }

    void aKeyThatIsDownIsAFingers()
    {
        station::ScanBurst burst;
        burst.press({}, 7);
        QVERIFY(burst.hasFinger());
        burst.release({}, 8); // went down elsewhere
        QVERIFY(burst.hasFinger());
        burst.release({}, 7);
        QVERIFY(!burst.hasFinger());
        burst.press({}, 7);
        burst.press(station::ScanBurst::TimePoint{} + milliseconds{900},
                    8); // another burst: nothing is known of the first
        burst.release(station::ScanBurst::TimePoint{} + milliseconds{901}, 8);
        QVERIFY(!burst.hasFinger());
    }

    void twoPartsAreUneven()
    {
        station::ScanBurst burst;
        station::ScanBurst::TimePoint now{};
        for (const auto gap : {1, 30, 75, 1}) {
            now += milliseconds{gap};
            burst.press(now, gap);
        }
        QVERIFY(!burst.isUneven());
        burst.press(now + milliseconds{76}, 5);
        QVERIFY(burst.isUneven());
        QCOMPARE(burst.count(), 5);
        burst.press(now + milliseconds{900}, 5);
        QVERIFY(!burst.isUneven());
        QCOMPARE(burst.count(), 1);
    }

    /// A display server that starts anew counts from zero.
    void aClockThatIsSetBackBeginsAnew()
    {
        station::ScanBurst burst;
        burst.take(station::ScanBurst::TimePoint{} + milliseconds{5'000}, 9);
        burst.take({});
        QCOMPARE(burst.count(), 1);
    }
};

QTEST_GUILESS_MAIN(TestScanBurst)
#include "tst_scan_burst.moc"
