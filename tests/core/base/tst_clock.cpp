#include "core/base/clock.h"
#include "core/base/station_code.h"

#include <QtTest>

using namespace enroll;
using std::chrono::milliseconds;

class TstClock : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void writesMilliseconds();
    void readsWhatItWrites_data();
    void readsWhatItWrites();
    void readsOtherPrecisions_data();
    void readsOtherPrecisions();
    void refuses_data();
    void refuses();
    void timeAsleepCounts();
    void deadlineRunsOut();
    void deadlineLeftIsNeverNegative();
};

void TstClock::writesMilliseconds()
{
    QCOMPARE(toIso8601(UtcTime{milliseconds{1'000'000'000'007}}), std::string{"2001-09-09T01:46:40.007Z"});
}

/// Nothing else can be known of it without putting the machine to sleep: it is never behind, and goes on.
void TstClock::timeAsleepCounts()
{
    const auto awake = std::chrono::steady_clock::now();
    const auto first = steadyNowWithSleep();
    QVERIFY(first >= awake);
    QVERIFY(steadyNowWithSleep() >= first);
}

void TstClock::readsWhatItWrites_data()
{
    QTest::addColumn<std::string>("text");
    for (const char* text : {"1970-01-01T00:00:00.000Z", "2024-02-29T23:59:59.999Z", "1969-12-31T23:59:59.999Z",
                             "9999-12-31T23:59:59.000Z", "0001-01-01T00:00:00.000Z"}) {
        QTest::newRow(text) << std::string{text};
    }
}

void TstClock::readsWhatItWrites()
{
    QFETCH(std::string, text);
    QCOMPARE(toIso8601(fromIso8601(text).value()), text);
}

void TstClock::readsOtherPrecisions_data()
{
    QTest::addColumn<std::string>("text");
    QTest::addColumn<std::string>("read");
    QTest::newRow("none") << std::string{"2026-11-23T20:14:03Z"} << std::string{"2026-11-23T20:14:03.000Z"};
    QTest::newRow("one") << std::string{"2026-11-23T20:14:03.1Z"} << std::string{"2026-11-23T20:14:03.100Z"};
    QTest::newRow("seven") << std::string{"2026-11-23T20:14:03.1239999Z"} << std::string{"2026-11-23T20:14:03.123Z"};
}

void TstClock::readsOtherPrecisions()
{
    QFETCH(std::string, text);
    QFETCH(std::string, read);
    QCOMPARE(toIso8601(fromIso8601(text).value()), read);
}

void TstClock::refuses_data()
{
    QTest::addColumn<std::string>("text");
    for (const char* text :
         {"", "2026", "2026-11-23", "2026-11-23T20:14:03", "2026-11-23T20:14:03+01:00", "2026-11-23 20:14:03Z",
          "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-11-31T00:00:00Z",
          "2026-11-23T24:00:00Z", "2026-11-23T20:60:00Z", "2026-11-23T20:14:60Z", "2026-11-23T20:14:03.Z",
          "2026-11-23T20:14:03.12345678Z", "2026-11-23T20:14:03,1Z", "-026-11-23T20:14:03Z",
          "2026-11-23T20:14:03.1aZ"}) {
        QTest::newRow(text) << std::string{text};
    }
}

void TstClock::refuses()
{
    QFETCH(std::string, text);
    const auto refused = fromIso8601(text);
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, StationCode::TimeMalformed);
}

void TstClock::deadlineRunsOut()
{
    QVERIFY(Deadline::in(milliseconds{0}).passed());
    const auto far = Deadline::in(std::chrono::hours{1});
    QVERIFY(!far.passed());
    QVERIFY(far.left() > std::chrono::minutes{59} && far.left() <= std::chrono::hours{1});
}

void TstClock::deadlineLeftIsNeverNegative()
{
    QCOMPARE(Deadline::in(milliseconds{-5000}).left().count(), milliseconds::rep{0});
}

QTEST_APPLESS_MAIN(TstClock)
#include "tst_clock.moc"
