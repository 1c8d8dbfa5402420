#include "core/base/station_code.h"
#include "core/enrollment/station_clock.h"
#include "tests/support/must.h"

#include <QTest>

using namespace enroll;
using namespace enroll::enrollment;
using enroll::test::must;

class TestStationClock : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void knowsAClockThatCannotBeRight_data()
    {
        QTest::addColumn<QString>("now");
        QTest::addColumn<QString>("latestRun");
        QTest::addColumn<bool>("plausible");
        const auto row = [](const char* name, const char* now, const char* latestRun, bool plausible) {
            QTest::newRow(name) << QString::fromLatin1(now) << QString::fromLatin1(latestRun) << plausible;
        };
        row("no battery, Unix", "1970-01-01T00:00:10Z", "", false);
        row("no battery, PC", "2000-01-01T00:00:10Z", "", false);
        row("a millisecond before this version", "2026-10-31T23:59:59.999Z", "", false);
        row("this version's first", "2026-11-01T00:00:00Z", "", true);
        row("ten years after this version", "2036-10-31T00:00:00Z", "", true);
        row("a year that nobody runs this version in", "2037-01-01T00:00:00Z", "", false);
        row("the end of time", "9999-12-31T23:59:59Z", "", false);
        row("no run yet", "2026-12-01T08:00:00Z", "", true);
        row("after the latest run", "2026-12-01T08:00:00Z", "2026-12-01T07:59:00Z", true);
        row("set back by a time server", "2026-12-01T08:00:00Z", "2026-12-01T08:05:00Z", true);
        row("set back too far", "2026-12-01T08:00:00Z", "2026-12-01T08:05:00.001Z", false);
        row("a day behind", "2026-12-01T08:00:00Z", "2026-12-02T08:00:00Z", false);
        row("a journal of the far future", "2026-12-01T08:00:00Z", "9999-12-31T23:59:59Z", false);
        row("a journal of a station without a battery", "2026-12-01T08:00:00Z", "1970-01-01T00:00:10Z", true);
    }
    void knowsAClockThatCannotBeRight()
    {
        QFETCH(const QString, now);
        QFETCH(const QString, latestRun);
        QFETCH(const bool, plausible);
        const auto latest =
            latestRun.isEmpty() ? std::nullopt : std::optional{must(fromIso8601(latestRun.toStdString()))};

        const auto judged = requirePlausibleClock(must(fromIso8601(now.toStdString())), latest);

        QCOMPARE(judged.ok(), plausible);
        QVERIFY(plausible || judged.error().code == StationCode::ClockWrong);
    }

    void namesBothTimes()
    {
        const auto judged =
            requirePlausibleClock(must(fromIso8601("2026-12-01T08:00:00Z")), must(fromIso8601("2026-12-02T09:00:00Z")));
        QVERIFY(!judged.ok());
        QVERIFY(judged.error().what.find("2026-12-01T08:00:00") != std::string::npos);
        QVERIFY(judged.error().what.find("2026-12-02T09:00:00") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestStationClock)
#include "tst_station_clock.moc"
