#include "core/base/device_code.h"
#include "core/base/hold_code.h"
#include "core/base/station_code.h"
#include "db/review/run_query.h"
#include "tests/support/journal_fixture.h"

#include <QTest>

#include <algorithm>
#include <array>

using namespace enroll;
using namespace enroll::test;
using namespace enroll::enrollment;
using namespace enroll::db::review;

namespace {

std::vector<std::string> serialsOf(const RunPage& page)
{
    std::vector<std::string> serials;
    for (const auto& row : page.rows) {
        serials.push_back(row.serialNumber.text());
    }
    return serials;
}

std::unique_ptr<RunQuery> queryOf(const JournalFixture& fixture)
{
    return require(RunQuery::open(fixture.directory()));
}

RunPage everything(const JournalFixture& fixture, const RunFilter& filter)
{
    return require(queryOf(fixture)->list(filter, 100));
}

void closeAll(const JournalFixture& fixture, const DestinationName& destination, RecordState state)
{
    const auto outbox = fixture.outbox(destination);
    for (const auto& entry : require(outbox->pending(100, 0))) {
        require(outbox->close(std::array{delivery::OutboxClosing{entry.id, state, "U-409", "other key"}}));
    }
}

using Serials = std::vector<std::string>;

} // namespace

class TestRunQuery : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void refusesADirectoryWithoutAJournal()
    {
        const JournalFixture fixture;
        QCOMPARE(RunQuery::open(fixture.directory()).error().code, StationCode::NothingFound);
    }

    void listsNewestFirst()
    {
        const JournalFixture fixture;
        fixture.pass(3);
        fixture.end(1, Outcome::Fail, DeviceCode::AttestationWrong);
        fixture.pass(2);
        QVERIFY(serialsOf(everything(fixture, {})) == (Serials{"GX-000002", "GX-000001", "GX-000003"}));
    }

    void fillsEveryColumnOfARow()
    {
        const JournalFixture fixture;
        const auto run = fixture.end(9, Outcome::Hold, DeviceCode::EkCertificateMissing);
        const auto row = everything(fixture, {}).rows.front();

        QVERIFY(row ==
                (RunRow{run.runId, run.startedAt, run.duration, run.slot, run.serialNumber, run.batch, run.operatorId,
                        Outcome::Hold, DeviceCode::EkCertificateMissing, run.registrationId, std::nullopt}));
    }

    void pagesStayStableWhileNewRunsArrive()
    {
        const JournalFixture fixture;
        for (int device = 1; device <= 5; ++device) {
            fixture.pass(device);
        }
        const auto query = queryOf(fixture);

        const auto first = require(query->list({}, 2));
        fixture.pass(6);
        const auto second = require(query->list({}, 2, first.next));
        fixture.pass(7);
        const auto third = require(query->list({}, 2, second.next));

        QVERIFY(serialsOf(first) == (Serials{"GX-000005", "GX-000004"}));
        QVERIFY(serialsOf(second) == (Serials{"GX-000003", "GX-000002"}));
        QVERIFY(serialsOf(third) == (Serials{"GX-000001"}));
        QVERIFY(third.next.empty());
    }

    void saysThatAFullPageWasTheLast()
    {
        const JournalFixture fixture;
        fixture.pass(1);
        fixture.pass(2);
        QVERIFY(require(queryOf(fixture)->list({}, 2)).next.empty());
    }

    void refusesACursorOfAnotherMaker()
    {
        const JournalFixture fixture;
        fixture.pass(1);
        for (const auto* cursor : {"2", "r1-", "r1-x", "r2-5", "r1-5 OR 1"}) {
            QCOMPARE(queryOf(fixture)->list({}, 2, cursor).error().code, StationCode::NameNotAllowed);
        }
    }

    void listsNoRowThatItsEntryDoesNotBear_data()
    {
        QTest::addColumn<QByteArray>("sql");
        QTest::newRow("another outcome") << QByteArray{"UPDATE run SET outcome = 'pass', code = NULL WHERE seq = 2"};
        QTest::newRow("another serial number") << QByteArray{"UPDATE run SET serial_number = 'x' WHERE seq = 2"};
        QTest::newRow("other bytes") << QByteArray{
            "UPDATE chain_entry SET body = CAST(replace(body, 'fail', 'pass') AS BLOB) WHERE seq = 2"};
    }
    void listsNoRowThatItsEntryDoesNotBear()
    {
        QFETCH(QByteArray, sql);
        const JournalFixture fixture;
        fixture.end(1, Outcome::Fail, DeviceCode::AttestationWrong);
        fixture.end(2, Outcome::Fail, DeviceCode::AttestationWrong);
        fixture.end(3, Outcome::Fail, DeviceCode::AttestationWrong); // the last two are proven with each page
        QCOMPARE(fixture.tamper(sql.constData()), 1);
        const auto query = queryOf(fixture);

        const auto newest = require(query->list({}, 2)); // the altered one is on the next page
        const auto altered = query->list({}, 2, newest.next);

        QVERIFY(!altered.ok());
        QCOMPARE(altered.error().code, StationCode::JournalAltered);
        QVERIFY2(altered.error().what.find("journal.sqlite: entry 2, run (") != std::string::npos,
                 altered.error().what.c_str());
    }

    void filtersByEachPart()
    {
        const JournalFixture fixture;
        fixture.pass(1);
        fixture.end(2, Outcome::Fail, DeviceCode::AttestationWrong);
        fixture.end(3, Outcome::Hold, DeviceCode::EkCertificateMissing);
        const auto runs = everything(fixture, {}).rows;

        QVERIFY(serialsOf(everything(fixture, {.outcome = Outcome::Fail})) == Serials{"GX-000002"});
        QVERIFY(serialsOf(everything(fixture, {.serialNumber = SerialNumber{"GX-000003"}})) == Serials{"GX-000003"});
        QVERIFY(serialsOf(everything(fixture, {.code = DeviceCode::EkCertificateMissing})) == Serials{"GX-000003"});
        QVERIFY(serialsOf(everything(fixture, {.since = runs.front().startedAt})) == Serials{"GX-000003"});
        QVERIFY(serialsOf(everything(fixture, {.until = runs[1].startedAt})) == Serials{"GX-000001"});
        QCOMPARE(everything(fixture, {.batch = BatchId{"WO-2026-0311"}}).rows.size(), 3U);
        QVERIFY(everything(fixture, {.batch = BatchId{"WO-0"}}).rows.empty());
        QVERIFY(everything(fixture, {.operatorId = OperatorId{"op-118"}}).rows.empty());
        QVERIFY(everything(fixture, {.outcome = Outcome::Pass, .code = DeviceCode::AttestationWrong}).rows.empty());
    }

    void findsARegistrationIdInAnyLetterCase()
    {
        const JournalFixture fixture;
        fixture.pass(1);
        auto id = DeviceFigure{1}.registrationId().text();
        std::transform(id.begin(), id.end(), id.begin(),
                       [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
        QCOMPARE(everything(fixture, {.registrationId = RegistrationId{id}}).rows.size(), 1U);
    }

    void takesFilterTextAsTextAndNotAsSql()
    {
        const JournalFixture fixture;
        fixture.pass(1);
        QVERIFY(everything(fixture, {.batch = BatchId{"' OR '1'='1"}}).rows.empty());
    }

    void showsARunAsItWasCommitted()
    {
        const JournalFixture fixture;
        const auto run = fixture.end(1, Outcome::Fail, DeviceCode::AttestationWrong);
        QVERIFY(require(queryOf(fixture)->show(run.runId)).run == run);
    }

    void showsTheRecordAsItIsNow()
    {
        const JournalFixture fixture{{kCloud, kPlant}};
        const auto run = fixture.pass(1);
        closeAll(fixture, kCloud, RecordState::Accepted);
        auto record = require(queryOf(fixture)->show(run.runId)).run.record;
        QCOMPARE(record->state, RecordState::Queued);

        closeAll(fixture, kPlant, RecordState::Rejected);
        record = require(queryOf(fixture)->show(run.runId)).run.record;
        QCOMPARE(record->state, RecordState::Rejected);
        QCOMPARE(record->destinations[0].state, RecordState::Accepted);
        QVERIFY(record->destinations[1] == (DestinationState{kPlant, RecordState::Rejected, "U-409", "other key"}));
        QCOMPARE(everything(fixture, {.recordState = RecordState::Rejected}).rows.size(), 1U);
        QVERIFY(everything(fixture, {.recordState = RecordState::Accepted}).rows.empty());
    }

    void showsTheSameRecordForARetest()
    {
        const JournalFixture fixture;
        fixture.pass(1);
        closeAll(fixture, kCloud, RecordState::Accepted);
        const auto again = fixture.pass(1);
        QCOMPARE(require(queryOf(fixture)->show(again.runId)).run.record->state, RecordState::Accepted);
        QCOMPARE(everything(fixture, {.recordState = RecordState::Accepted}).rows.size(), 2U);
    }

    void believesNoStateThatTheDeliveryEventsDoNotGive_data()
    {
        QTest::addColumn<QByteArray>("sql");
        QTest::newRow("closed by hand") << QByteArray{"UPDATE outbox_entry SET state = 'accepted'"};
        QTest::newRow("opened by hand") << QByteArray{"UPDATE outbox_entry SET state = 'queued'"};
        QTest::newRow("another event") << QByteArray{"UPDATE delivery_event SET state = 'accepted'"};
        QTest::newRow("another event and state")
            << QByteArray{"UPDATE delivery_event SET state = 'accepted'; UPDATE outbox_entry SET state = 'accepted'"};
        QTest::newRow("no event") << QByteArray{"DELETE FROM delivery_event"};
    }

    void believesNoStateThatTheDeliveryEventsDoNotGive()
    {
        QFETCH(const QByteArray, sql);
        const JournalFixture fixture;
        const auto run = fixture.pass(1);
        closeAll(fixture, kCloud, RecordState::Rejected);
        const auto query = queryOf(fixture);
        for (const auto& statement : sql.split(';')) {
            fixture.tamper(statement.constData());
        }
        const auto listed = query->list({}, 100);
        QVERIFY(!listed.ok());
        QCOMPARE(listed.error().code, StationCode::JournalAltered);
        const auto shown = query->show(run.runId);
        QVERIFY(!shown.ok());
        QCOMPARE(shown.error().code, StationCode::JournalAltered);
        const auto visited = query->forEach({}, [](const StoredRun&) -> Result<void> { return {}; });
        QVERIFY(!visited.ok());
        QCOMPARE(visited.error().code, StationCode::JournalAltered);
    }

    /// The row of the last delivery, gone with a state that fits what is left; the entry, too.
    void missesADeliveryThatIsGone_data()
    {
        QTest::addColumn<QByteArray>("sql");
        const QByteArray row{"DELETE FROM delivery_event WHERE state = 'rejected';"
                             "UPDATE outbox_entry SET state = 'sent'"};
        QTest::newRow("its row") << row;
        QTest::newRow("and its entry") << row + "; DELETE FROM chain_entry WHERE seq = 6";
        QTest::newRow("and the end of the chain")
            << row + "; DELETE FROM chain_entry WHERE seq = 6; UPDATE chain_head SET entries = 5, hash ="
                     " (SELECT entry_hash FROM chain_entry WHERE seq = 5)";
    }
    void missesADeliveryThatIsGone()
    {
        QFETCH(const QByteArray, sql);
        const JournalFixture fixture;
        const auto run = fixture.pass(1);
        {
            const auto outbox = fixture.outbox(kCloud);
            require(outbox->markSent(std::array{require(outbox->pending(1, 0)).front().id}));
        }
        closeAll(fixture, kCloud, RecordState::Rejected);
        fixture.pass(2);
        const auto query = queryOf(fixture);
        for (const auto& statement : sql.split(';')) {
            fixture.tamper(statement.constData());
        }
        const auto listed = query->list({}, 100);
        QVERIFY(!listed.ok());
        QCOMPARE(listed.error().code, StationCode::JournalAltered);
        const auto shown = query->show(run.runId);
        QVERIFY(!shown.ok());
        QCOMPARE(shown.error().code, StationCode::JournalAltered);
    }

    void givesAHeldRunNoRecordOfAnotherSerial()
    {
        const JournalFixture fixture;
        fixture.pass(1);
        const auto held = fixture.end(1, Outcome::Hold, HoldCode::EkEnrolledElsewhere);
        QVERIFY(!require(queryOf(fixture)->show(held.runId)).run.record);
    }

    void knowsNoRunOfAnotherJournal()
    {
        const JournalFixture fixture;
        fixture.pass(1);
        QCOMPARE(queryOf(fixture)->show(RunId{"0190a1b2"}).error().code, StationCode::NothingFound);
    }

    void visitsOldestFirstAndStopsAtTheVisitorsError()
    {
        const JournalFixture fixture;
        fixture.pass(1);
        fixture.pass(2);
        Serials seen;
        const auto result = queryOf(fixture)->forEach({}, [&](const StoredRun& stored) -> Result<void> {
            seen.push_back(stored.run.serialNumber.text());
            return makeError(DeviceCode::Cancelled, "enough");
        });
        QCOMPARE(result.error().code, DeviceCode::Cancelled);
        QVERIFY(seen == Serials{"GX-000001"});
    }
};

QTEST_GUILESS_MAIN(TestRunQuery)
#include "tst_run_query.moc"
