#include "core/base/station_code.h"
#include "db/journal/accept_clock.h"
#include "db/journal/acts.h"
#include "tests/support/journal_fixture.h"
#include "tests/support/sample_acts.h"

#include <QTest>

using namespace enroll;
using namespace enroll::test;
using namespace enroll::db::journal;
using namespace enroll::enrollment;

namespace {

const auto kNow = fromIso8601("2026-12-01T08:00:00Z").value();
const auto kFast = fromIso8601("2027-06-01T08:00:00Z").value();

class FastStation : public JournalFixture {
public:
    /// The options with a clock that shows \p now.
    [[nodiscard]] JournalOptions at(UtcTime now) const
    {
        auto changed = options();
        changed.now = [now] { return now; };
        return changed;
    }
    void runAt(int device, UtcTime start) const
    {
        auto run = DeviceFigure{device}.passingRun();
        run.startedAt = start;
        require(require(SqliteJournal::open(at(start)))->commit(run, std::nullopt));
    }
    [[nodiscard]] std::optional<UtcTime> latest() const
    {
        return require(require(SqliteJournal::open(at(kNow)))->latestRunStart());
    }
};

} // namespace

class TestAcceptClock : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void runsOfAFastClockCountNoMore()
    {
        const FastStation station;
        station.runAt(1, kFast);
        QCOMPARE(station.latest(), std::optional{kFast});

        const auto accepted = require(acceptClock(station.at(kNow), "Ada", "the time server was wrong"));
        QCOMPARE(accepted.acceptedAt, kNow);
        QCOMPARE(accepted.latestRun, kFast);
        QVERIFY(!station.latest());
        station.runAt(2, kNow);
        QCOMPARE(station.latest(), std::optional{kNow});

        const auto told = require(acceptedClocks(station.directory()));
        QCOMPARE(told.size(), 1U);
        QVERIFY(told[0].acceptance == accepted);
        const auto report = station.verify();
        QVERIFY(!report.firstBad);
        QCOMPARE(report.notUnderstood.count, 0);
    }

    void theAccountThatDidItIsKept()
    {
        const FastStation station;
        station.runAt(1, kFast);
        auto act = actOf(station::ActKind::ClockAccepted, "Ada");
        act.account = "root";
        require(acceptClock(station.at(kNow), "Ada", "the time server was wrong", act));
        QVERIFY(!acceptClock(station.at(kNow), "Ada", "once more", act).ok());
        const auto acts = require(storedActs(station.directory()));
        QCOMPARE(acts.size(), 1U);
        QVERIFY(*acts[0].act == act);
        QVERIFY(!station.latest());
    }

    void aClockThatIsFastAgainStopsAgain()
    {
        const FastStation station;
        station.runAt(1, kFast);
        require(acceptClock(station.at(kNow), "Ada", "the time server was wrong"));
        station.runAt(2, kFast);
        QCOMPARE(station.latest(), std::optional{kFast});
        require(acceptClock(station.at(kNow), "Ada", "once more"));
        QVERIFY(!station.latest());
        QCOMPARE(require(acceptedClocks(station.directory())).size(), 2U);
    }

    void refusesWhereNothingStandsInTheWay()
    {
        const FastStation station;
        station.runAt(1, kNow);
        QCOMPARE(acceptClock(station.at(kNow), "Ada", "no reason").error().code, StationCode::NothingFound);
        QVERIFY(require(acceptedClocks(station.directory())).empty());
    }

    void refusesAClockThatCannotBeRight()
    {
        const FastStation station;
        station.runAt(1, kFast);
        const auto lost = fromIso8601("1970-01-01T00:00:10Z").value();
        QCOMPARE(acceptClock(station.at(lost), "Ada", "the battery is dead").error().code, StationCode::ClockWrong);
    }

    void anAcceptanceThatWasChangedIsAltered()
    {
        const FastStation station;
        station.runAt(1, kFast);
        require(acceptClock(station.at(kNow), "Ada", "the time server was wrong"));
        QCOMPARE(station.tamper("UPDATE chain_entry SET body = x'7b7d' WHERE kind = 'clock-acceptance'"), 1);
        QVERIFY(station.verify().firstBad);
        QCOMPARE(acceptedClocks(station.directory()).error().code, StationCode::JournalAltered);
    }
};

QTEST_GUILESS_MAIN(TestAcceptClock)
#include "tst_accept_clock.moc"
