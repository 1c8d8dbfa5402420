#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "db/review/day_counters.h"
#include "tests/support/journal_fixture.h"

#include <QTest>

#include <array>

using namespace enroll;
using namespace enroll::test;
using namespace enroll::enrollment;
using namespace enroll::db::review;

namespace {

DayCounters countersOf(const JournalFixture& fixture, UtcTime since = UtcTime{})
{
    return require(require(DayCounterQuery::open(fixture.directory()))->since(since));
}

} // namespace

class TestDayCounters : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void countsDevicesByVerdict()
    {
        const JournalFixture fixture;
        fixture.pass(1);
        fixture.pass(2);
        fixture.end(3, Outcome::Fail, DeviceCode::AttestationWrong);
        fixture.end(4, Outcome::Hold, DeviceCode::EkCertificateMissing);
        const auto counters = countersOf(fixture);
        QCOMPARE(counters.pass, 2);
        QCOMPARE(counters.fail, 1);
        QCOMPARE(counters.hold, 1);
        QCOMPARE(counters.firstPassYield().value(), 0.5);
    }

    void countsADeviceThatPassedLaterAsNoFirstPass()
    {
        const JournalFixture fixture;
        fixture.end(1, Outcome::Fail, DeviceCode::AttestationWrong);
        fixture.pass(1);
        fixture.pass(2);
        const auto counters = countersOf(fixture);
        QCOMPARE(counters.pass, 2);
        QCOMPARE(counters.devices, 2);
        QCOMPARE(counters.firstPass, 1);
    }

    void everyDeviceCountsByItsLastVerdict()
    {
        const JournalFixture fixture;
        fixture.end(1, Outcome::Fail, DeviceCode::AttestationWrong);
        fixture.pass(1);
        fixture.end(2, Outcome::Fail, DeviceCode::AttestationWrong);
        fixture.end(2, Outcome::Hold, DeviceCode::EkCertificateMissing);
        fixture.end(2, Outcome::Aborted, DeviceCode::Cancelled);
        fixture.end(3, Outcome::Fail, DeviceCode::AttestationWrong);
        fixture.end(3, Outcome::Fail, DeviceCode::AttestationWrong);
        const auto counters = countersOf(fixture);
        QCOMPARE(counters.pass, 1);
        QCOMPARE(counters.fail, 1);
        QCOMPARE(counters.hold, 1);
        QCOMPARE(counters.pass + counters.fail + counters.hold, counters.devices);
        QCOMPARE(counters.firstPass, 0);
    }

    void countsARetestedDeviceOnce()
    {
        const JournalFixture fixture;
        fixture.pass(1);
        fixture.end(1, Outcome::Fail, DeviceCode::AttestationWrong);
        const auto counters = countersOf(fixture);
        QCOMPARE(counters.devices, 1);
        QCOMPARE(counters.tests, 2);
        QCOMPARE(counters.firstPass, 1);
    }

    /// Another test that judged nothing takes no verdict away; one that judged otherwise does.
    void aPassStandsUntilAnotherVerdict()
    {
        for (const auto& [outcome, code] : {std::pair{Outcome::Fail, ErrorCode{DeviceCode::AttestationWrong}},
                                            std::pair{Outcome::Hold, ErrorCode{DeviceCode::EkCertificateMissing}}}) {
            const JournalFixture fixture;
            fixture.pass(1);
            fixture.end(1, Outcome::Aborted, DeviceCode::Cancelled);
            fixture.end(1, Outcome::Aborted, DeviceCode::DeviceRemoved);
            fixture.end(1, Outcome::StationFault, StationCode::CryptoFailed);
            auto counters = countersOf(fixture);
            QCOMPARE(counters.pass, 1);
            QCOMPARE(counters.devices, 1);
            QCOMPARE(counters.tests, 1);
            fixture.end(1, outcome, code);
            counters = countersOf(fixture);
            QCOMPARE(counters.pass, 0);
            QCOMPARE(outcome == Outcome::Fail ? counters.fail : counters.hold, 1);
            QCOMPARE(counters.devices, 1);
            QCOMPARE(counters.tests, 2);
        }
    }

    void neverCountsStationFaultsAndAbortedRuns()
    {
        const JournalFixture fixture;
        fixture.end(1, Outcome::StationFault, StationCode::CryptoFailed);
        fixture.end(1, Outcome::Aborted, DeviceCode::Cancelled);
        QVERIFY(!countersOf(fixture).firstPassYield());

        fixture.pass(1);
        QCOMPARE(countersOf(fixture).firstPassYield().value(), 1.0);
    }

    void looksAtTheWindowAlone()
    {
        const JournalFixture fixture;
        const auto early = fixture.end(1, Outcome::Fail, DeviceCode::AttestationWrong);
        const auto late = fixture.pass(2);
        QVERIFY(early.startedAt < late.startedAt);
        const auto counters = countersOf(fixture, late.startedAt);
        QCOMPARE(counters.fail, 0);
        QCOMPARE(counters.pass, 1);
    }

    void countsWhatNoDestinationHasAnswered()
    {
        const JournalFixture fixture{{kCloud, kPlant}};
        fixture.pass(1);
        const auto outbox = fixture.outbox(kCloud);
        const auto id = require(outbox->pending(1, 0)).front().id;
        require(outbox->markSent(std::array{id}));
        QCOMPARE(countersOf(fixture).queued, 2);
        require(outbox->close(std::array{delivery::OutboxClosing{id, RecordState::Accepted, {}, {}}}));
        QCOMPARE(countersOf(fixture).queued, 1);
    }

    void hasNoYieldWithoutDevices()
    {
        const JournalFixture fixture;
        static_cast<void>(fixture.open());
        QVERIFY(countersOf(fixture) == DayCounters{});
        QVERIFY(!countersOf(fixture).firstPassYield());
    }
};

QTEST_GUILESS_MAIN(TestDayCounters)
#include "tst_day_counters.moc"
