#include "db/journal/acts.h"
#include "db/journal/open_journal.h"
#include "db/journal/outbox_rows.h"
#include "db/journal/queue_again.h"
#include "db/journal/set_aside.h"
#include "db/review/run_query.h"
#include "tests/support/journal_fixture.h"
#include "tests/support/sample_acts.h"

#include <QTest>

#include <array>

using namespace enroll;
using namespace enroll::test;
using namespace enroll::enrollment;
using namespace enroll::db::journal;
using enroll::delivery::OutboxClosing;
using enroll::delivery::OutboxCounts;

namespace {

constexpr auto kBy = "Q. Meier";
constexpr auto kWhy = "scrapped, 8D 4711";

RegistrationId idOf(int device)
{
    return DeviceFigure{device}.registrationId();
}

/// Has everything that is open closed as \p state.
void decideAll(const JournalFixture& fixture, const DestinationName& destination, RecordState state)
{
    const auto outbox = fixture.outbox(destination);
    for (const auto& entry : require(outbox->pending(100, 0))) {
        const bool rejected = state == RecordState::Rejected;
        require(outbox->close(
            std::array{OutboxClosing{entry.id, state, rejected ? "U-410" : "", rejected ? "other hub" : ""}}));
    }
}

Result<SetAsideOutcome> setAsideIn(const JournalFixture& fixture, std::span<const DestinationName> destinations,
                                   std::span<const RegistrationId> ids, std::span<const OpenAnswer> open = {})
{
    return setAside(fixture.options(), destinations, ids, {kBy, kWhy}, open);
}

/// The newest entry of \p destination, which is open.
std::int64_t openEntry(const JournalFixture& fixture, const DestinationName& destination)
{
    return require(fixture.outbox(destination)->pending(100, 0)).back().id;
}

/// The one record's state at its first destination.
DestinationState stateOf(const JournalFixture& fixture, const AttestationRun& run)
{
    return require(fixture.open()->stateOf(DeviceFigure{1}.recordOf(run))).destinations.front();
}

QString eventsOf(const JournalFixture& fixture)
{
    return fixture.ask("SELECT group_concat(state) FROM (SELECT state FROM delivery_event ORDER BY seq)").toString();
}

std::vector<RecordAt> done(const Result<SetAsideOutcome>& outcome)
{
    return outcome.ok() && outcome->index() == 0 ? std::get<0>(*outcome).records : std::vector<RecordAt>{};
}

std::vector<NotRejected> refused(const Result<SetAsideOutcome>& outcome)
{
    return outcome.ok() && outcome->index() == 1 ? std::get<1>(*outcome) : std::vector<NotRejected>{};
}

db::review::RunPage listed(const JournalFixture& fixture, const db::review::RunFilter& filter = {})
{
    return require(require(db::review::RunQuery::open(fixture.directory()))->list(filter, 100));
}

} // namespace

class TestSetAside : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theAccountThatDidItIsKeptBesideTheDecision()
    {
        const JournalFixture fixture;
        fixture.pass(1);
        decideAll(fixture, kCloud, RecordState::Rejected);
        auto act = actOf(station::ActKind::RecordsSetAside, {});
        act.account = "root";
        const auto again = [&] {
            return setAside(fixture.options(), std::array{kCloud}, std::array{idOf(1)}, {kBy, kWhy}, {}, act);
        };
        QCOMPARE(done(again()).size(), 1U);
        QCOMPARE(refused(again()).size(), 1U); // it is set aside already

        const auto acts = require(storedActs(fixture.directory()));
        QCOMPARE(acts.size(), 1U);
        QVERIFY(acts[0].act->operatorId == OperatorId{kBy});
        QVERIFY(acts[0].act->reason == kWhy && acts[0].act->count == 1 && acts[0].act->account == "root");
        QVERIFY(!fixture.verify().firstBad);
    }

    void aRejectedRecordCountsAsDecided()
    {
        const JournalFixture fixture;
        const auto run = fixture.pass(1);
        decideAll(fixture, kCloud, RecordState::Rejected);

        const auto before = utcNow();
        QVERIFY(done(setAsideIn(fixture, std::array{kCloud}, std::array{idOf(1)})) ==
                (std::vector{RecordAt{kCloud, idOf(1)}}));

        const auto outbox = fixture.outbox(kCloud);
        QVERIFY(require(outbox->counts()) == (OutboxCounts{0, 0, 0, 0, 1}));
        QVERIFY(require(outbox->pending(1, 0)).empty());
        const auto record = require(fixture.open()->stateOf(DeviceFigure{1}.recordOf(run)));
        QVERIFY(record.state == RecordState::SetAside);
        const auto& there = record.destinations.front();
        QVERIFY(there.state == RecordState::SetAside);
        QCOMPARE(there.code, std::string{"U-410"}); // what the destination said stays
        QCOMPARE(there.reason, std::string{"other hub"});
        QVERIFY(there.setAside);
        QCOMPARE(there.setAside->by, std::string{kBy});
        QCOMPARE(there.setAside->reason, std::string{kWhy});
        QVERIFY(there.setAside->at >= before && there.setAside->at <= utcNow());
        const auto report = fixture.verify();
        QVERIFY(!report.firstBad);
        QCOMPARE(report.notUnderstood.count, std::int64_t{0});
    }

    void theListOfRunsTellsIt()
    {
        const JournalFixture fixture{{kCloud, kPlant}};
        fixture.pass(1);
        fixture.pass(2);
        decideAll(fixture, kCloud, RecordState::Accepted);
        decideAll(fixture, kPlant, RecordState::Rejected);
        QCOMPARE(done(setAsideIn(fixture, std::array{kCloud, kPlant}, std::array{idOf(1)})).size(), std::size_t{1});

        const auto page = listed(fixture, {.recordState = RecordState::SetAside});
        QCOMPARE(page.rows.size(), std::size_t{1});
        const auto& row = page.rows.front();
        QCOMPARE(row.serialNumber.text(), std::string{"GX-000001"});
        QVERIFY(row.recordState == RecordState::SetAside);
        QCOMPARE(row.setAside.size(), std::size_t{1});
        QVERIFY(row.setAside.front().destination == kPlant);
        QCOMPARE(row.setAside.front().setAside->by, std::string{kBy});
        const auto rejected = listed(fixture, {.recordState = RecordState::Rejected});
        QCOMPARE(rejected.rows.size(), std::size_t{1});
        QVERIFY(rejected.rows.front().setAside.empty());
    }

    void aRetryTakesItBack()
    {
        const JournalFixture fixture;
        fixture.pass(1);
        for (int round = 0; round < 2; ++round) { // rejected once more, and set aside once more
            decideAll(fixture, kCloud, RecordState::Rejected);
            QCOMPARE(done(setAsideIn(fixture, std::array{kCloud}, std::array{idOf(1)})).size(), std::size_t{1});
            QVERIFY(require(queueRejectedAgain(fixture.options(), std::array{kCloud})).empty()); // not by itself
            const auto again = require(queueAgain(fixture.options(), std::array{kCloud}, std::array{idOf(1)}));
            QVERIFY(std::get<0>(again) == (std::vector{QueuedAgain{kCloud, idOf(1)}}));
        }
        decideAll(fixture, kCloud, RecordState::Accepted);

        QVERIFY(require(fixture.outbox(kCloud)->counts()) == (OutboxCounts{0, 0, 1, 0, 0}));
        QVERIFY(listed(fixture).rows.front().setAside.empty());
        QCOMPARE(eventsOf(fixture), QStringLiteral("rejected,set-aside,queued,rejected,set-aside,queued,accepted"));
        QVERIFY(!fixture.verify().firstBad);
    }

    void aDestinationThatComesLaterGetsItOnlyIfAPersonSaysSo()
    {
        const JournalFixture fixture;
        fixture.pass(1);
        fixture.pass(2);
        decideAll(fixture, kCloud, RecordState::Rejected);
        QCOMPARE(done(setAsideIn(fixture, std::array{kCloud}, std::array{idOf(1)})).size(), std::size_t{1});
        const auto plant = fixture.outbox(kPlant);

        QCOMPARE(require(plant->enqueueMissing()), 1);
        QCOMPARE(require(plant->enqueueMissing()), 0);
        QCOMPARE(require(plant->leftOutAsSetAside()), 1);
        QVERIFY(refused(setAsideIn(fixture, std::array{kPlant}, std::array{idOf(1)})) ==
                (std::vector{NotRejected{idOf(1), RecordState::SetAside}}));
        QVERIFY(require(queueRejectedAgain(fixture.options(), std::array{kPlant})).empty());

        const auto again = require(queueAgain(fixture.options(), std::array{kPlant}, std::array{idOf(1), idOf(1)}));
        QVERIFY(std::get<0>(again) == (std::vector{QueuedAgain{kPlant, idOf(1)}}));
        QCOMPARE(require(plant->counts()).queued, 2);
        QCOMPARE(require(plant->leftOutAsSetAside()), 0);

        decideAll(fixture, kPlant, RecordState::Accepted); // the list does not hide where it is accepted
        const auto page = listed(fixture, {.recordState = RecordState::SetAside});
        QCOMPARE(page.rows.size(), std::size_t{1});
        QCOMPARE(page.rows.front().beside.size(), std::size_t{1});
        QVERIFY(page.rows.front().beside.front().destination == kPlant);
        QVERIFY(page.rows.front().beside.front().state == RecordState::Accepted);
        QVERIFY(!fixture.verify().firstBad);
    }

    void whatWasTakenBackIsQueuedForEveryDestination()
    {
        const JournalFixture fixture;
        fixture.pass(1);
        decideAll(fixture, kCloud, RecordState::Rejected);
        QCOMPARE(done(setAsideIn(fixture, std::array{kCloud}, std::array{idOf(1)})).size(), std::size_t{1});
        QCOMPARE(require(fixture.outbox(kPlant)->enqueueMissing()), 0);
        QCOMPARE(std::get<0>(require(queueAgain(fixture.options(), std::array{kCloud}, std::array{idOf(1)}))).size(),
                 std::size_t{1});
        QCOMPARE(require(fixture.outbox(kPlant)->enqueueMissing()), 1);
    }

    void whatIsNotRejectedIsNotSetAside()
    {
        const JournalFixture fixture;
        fixture.pass(1);
        decideAll(fixture, kCloud, RecordState::Rejected);
        fixture.pass(2);
        decideAll(fixture, kCloud, RecordState::Accepted);
        fixture.pass(3);
        const auto outbox = fixture.outbox(kCloud);
        require(outbox->markSent(std::array{require(outbox->pending(1, 0)).front().id}));
        fixture.pass(4);
        const auto before = fixture.verify().entries;
        const std::array ids{idOf(1), idOf(2), idOf(3), idOf(4), RegistrationId{"nobody"}};

        QVERIFY(refused(setAsideIn(fixture, std::array{kCloud}, ids)) ==
                (std::vector{NotRejected{idOf(2), RecordState::Accepted}, NotRejected{idOf(3), RecordState::Sent},
                             NotRejected{idOf(4), RecordState::Queued}, NotRejected{RegistrationId{"nobody"}, {}}}));

        QCOMPARE(fixture.verify().entries, before); // not the first of them either
    }

    void anOpenRecordIsSetAsideAsItsDestinationAnswers_data()
    {
        QTest::addColumn<bool>("sent");
        QTest::addColumn<QString>("word");
        QTest::addColumn<QString>("events");
        QTest::newRow("never sent") << false << QString{} << QStringLiteral("set-aside");
        QTest::newRow("not there") << true << QString{} << QStringLiteral("sent,set-aside");
        QTest::newRow("there") << true << QStringLiteral("accepted") << QStringLiteral("sent,accepted");
        QTest::newRow("held otherwise") << true << QStringLiteral("rejected")
                                        << QStringLiteral("sent,rejected,set-aside");
    }
    void anOpenRecordIsSetAsideAsItsDestinationAnswers()
    {
        QFETCH(bool, sent);
        QFETCH(QString, word);
        QFETCH(QString, events);
        const JournalFixture fixture;
        const auto run = fixture.pass(1);
        const auto entry = openEntry(fixture, kCloud);
        if (sent) {
            require(fixture.outbox(kCloud)->markSent(std::array{entry}));
        }
        OpenAnswer answer{entry, {}};
        if (!word.isEmpty()) {
            const bool rejected = word == QStringLiteral("rejected");
            answer.word = OutboxClosing{entry, rejected ? RecordState::Rejected : RecordState::Accepted,
                                        rejected ? "U-410" : "", rejected ? "other hub" : ""};
        }

        const auto outcome = setAsideIn(fixture, std::array{kCloud}, std::array{idOf(1)}, std::array{answer});

        const std::vector<RecordAt> one{{kCloud, idOf(1)}};
        const bool accepted = word == QStringLiteral("accepted");
        QVERIFY(std::get<SetAside>(require(outcome)) == (accepted ? SetAside{{}, one} : SetAside{one, {}}));
        QCOMPARE(eventsOf(fixture), events);
        QVERIFY(require(fixture.outbox(kCloud)->pending(1, 0)).empty());
        QVERIFY(require(fixture.outbox(kCloud)->counts()) ==
                (accepted ? OutboxCounts{0, 0, 1, 0, 0} : OutboxCounts{0, 0, 0, 0, 1}));
        const auto there = stateOf(fixture, run);
        QVERIFY(there.state == (accepted ? RecordState::Accepted : RecordState::SetAside));
        QCOMPARE(there.code, word == QStringLiteral("rejected") ? std::string{"U-410"} : std::string{});
        QCOMPARE(there.setAside.has_value(), !accepted);
        QVERIFY(!fixture.verify().firstBad);
    }

    void anOpenRecordThatWasSetAsideGoesRoundOnceMore()
    {
        const JournalFixture fixture;
        fixture.pass(1);
        const auto outbox = fixture.outbox(kCloud);
        const auto entry = openEntry(fixture, kCloud);
        for (int round = 0; round < 2; ++round) {
            require(outbox->markSent(std::array{entry}));
            const std::array open{OpenAnswer{entry, {}}};
            QCOMPARE(done(setAsideIn(fixture, std::array{kCloud}, std::array{idOf(1)}, open)).size(), std::size_t{1});
            // A program that still sends it has no say any more.
            require(outbox->markSent(std::array{entry}));
            require(outbox->close(std::array{OutboxClosing{entry, RecordState::Accepted, {}, {}}}));
            QCOMPARE(
                std::get<0>(require(queueAgain(fixture.options(), std::array{kCloud}, std::array{idOf(1)}))).size(),
                std::size_t{1});
        }
        QCOMPARE(eventsOf(fixture), QStringLiteral("sent,set-aside,queued,sent,set-aside,queued"));
        QVERIFY(require(outbox->counts()) == (OutboxCounts{1, 0, 0, 0, 0}));
        QVERIFY(!fixture.verify().firstBad);
    }

    void theSecondTimeItIsSetAsideAlready()
    {
        const JournalFixture fixture;
        fixture.pass(1);
        decideAll(fixture, kCloud, RecordState::Rejected);
        const std::array twice{idOf(1), idOf(1)};
        QCOMPARE(done(setAsideIn(fixture, std::array{kCloud}, twice)).size(), std::size_t{1});
        QVERIFY(refused(setAsideIn(fixture, std::array{kCloud}, std::array{idOf(1)})) ==
                (std::vector{NotRejected{idOf(1), RecordState::SetAside}}));
    }

    /// By a program with another idea of what may follow.
    void findsASettingAsideOfAnAcceptedRecord()
    {
        const JournalFixture fixture;
        fixture.pass(1);
        const auto entry = openEntry(fixture, kCloud);
        decideAll(fixture, kCloud, RecordState::Accepted);
        {
            const auto database = require(openForWriting(fixture.options()));
            auto transaction = require(db::sqlite::Transaction::begin(*database, db::sqlite::Transaction::Kind::Write));
            auto chain = require(ChainStore::load(*database));
            require(appendDeliveryEvent(*database, chain, utcNow(),
                                        {entry, kCloud, idOf(1), RecordState::SetAside, {}, kWhy, kBy}));
            require(transaction.commit());
        }
        QCOMPARE(fixture.tamper("UPDATE outbox_entry SET state = 'rejected'"), 1);
        const auto report = fixture.verify();
        QVERIFY(report.firstBad);
        QCOMPARE(report.firstBad->kind, std::string{"delivery-event"});
        QCOMPARE(report.firstBad->seq, 6);
    }

    /// Older programs count the record as rejected, and know that the event is beyond them.
    void theSearchRowHasAWordThatEveryProgramKnows()
    {
        const JournalFixture fixture;
        fixture.pass(1);
        decideAll(fixture, kCloud, RecordState::Rejected);
        QCOMPARE(done(setAsideIn(fixture, std::array{kCloud}, std::array{idOf(1)})).size(), std::size_t{1});
        QCOMPARE(fixture.ask("SELECT state FROM outbox_entry").toString(), QStringLiteral("rejected"));
        QCOMPARE(fixture.ask("SELECT value FROM meta WHERE key = 'schema_version'").toString(), QStringLiteral("2"));
    }

    void aSettingAsideByHandIsFound_data()
    {
        QTest::addColumn<QByteArray>("sql");
        QTest::newRow("another event") << QByteArray{"UPDATE delivery_event SET state = 'set-aside'"};
        QTest::newRow("no event") << QByteArray{"DELETE FROM delivery_event WHERE state = 'set-aside'"};
    }
    void aSettingAsideByHandIsFound()
    {
        QFETCH(QByteArray, sql);
        const JournalFixture fixture;
        fixture.pass(1);
        decideAll(fixture, kCloud, RecordState::Rejected);
        if (sql.startsWith("DELETE")) {
            QCOMPARE(done(setAsideIn(fixture, std::array{kCloud}, std::array{idOf(1)})).size(), std::size_t{1});
        }
        QCOMPARE(fixture.tamper(sql.constData()), 1);
        QVERIFY(fixture.verify().firstBad);
        QVERIFY(!setAsideIn(fixture, std::array{kCloud}, std::array{idOf(1)}).ok());
    }
};

QTEST_GUILESS_MAIN(TestSetAside)
#include "tst_set_aside.moc"
