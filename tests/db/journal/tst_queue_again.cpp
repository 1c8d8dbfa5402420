#include "db/journal/acts.h"
#include "db/journal/open_journal.h"
#include "db/journal/queue_again.h"
#include "db/review/day_counters.h"
#include "tests/support/journal_fixture.h"
#include "tests/support/sample_acts.h"

#include <QTest>

#include <array>
#include <thread>

using namespace enroll;
using namespace enroll::test;
using namespace enroll::enrollment;
using namespace enroll::db::journal;
using enroll::delivery::OutboxClosing;
using enroll::delivery::OutboxCounts;

namespace {

RegistrationId idOf(int device)
{
    return DeviceFigure{device}.registrationId();
}

/// Sends the record of \p device and has it closed as \p state.
void decide(delivery::Outbox& outbox, int device, RecordState state)
{
    for (const auto& entry : require(outbox.pending(100, 0))) {
        if (entry.record.registrationId == idOf(device)) {
            require(outbox.markSent(std::array{entry.id}));
            const bool rejected = state == RecordState::Rejected;
            require(outbox.close(
                std::array{OutboxClosing{entry.id, state, rejected ? "U-400" : "", rejected ? "no" : ""}}));
        }
    }
}

std::vector<QueuedAgain> queued(const Result<RetryOutcome>& outcome)
{
    return outcome.ok() && outcome->index() == 0 ? std::get<0>(*outcome) : std::vector<QueuedAgain>{};
}

std::vector<NotRejected> refused(const Result<RetryOutcome>& outcome)
{
    return outcome.ok() && outcome->index() == 1 ? std::get<1>(*outcome) : std::vector<NotRejected>{};
}

int waitingIn(const JournalFixture& fixture)
{
    return require(require(db::review::DayCounterQuery::open(fixture.directory()))->since({})).queued;
}

} // namespace

class TestQueueAgain : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whoQueuedThemIsKeptBesideThem()
    {
        const JournalFixture fixture;
        fixture.pass(1);
        fixture.pass(2);
        const auto outbox = fixture.outbox(kCloud);
        decide(*outbox, 1, RecordState::Rejected);
        decide(*outbox, 2, RecordState::Rejected);
        const auto act = actOf(station::ActKind::RecordsQueuedAgain, {});

        QCOMPARE(queued(queueAgain(fixture.options(), std::array{kCloud}, std::array{idOf(1)}, act)).size(), 1U);
        QCOMPARE(require(queueRejectedAgain(fixture.options(), std::array{kCloud}, act)).size(), 1U);
        QCOMPARE(require(queueRejectedAgain(fixture.options(), std::array{kCloud}, act)).size(), 0U);
        QVERIFY(
            queued(queueAgain(fixture.options(), std::array{kCloud}, std::array{RegistrationId{"x"}}, act)).empty());

        const auto acts = require(storedActs(fixture.directory()));
        QCOMPARE(acts.size(), 2U); // where nothing was queued nobody did anything
        QCOMPARE(*acts[0].act->count, 1);
        QVERIFY(acts[1].act->what == Word<station::ActKind>{station::ActKind::RecordsQueuedAgain});
        QVERIFY(!fixture.verify().firstBad);
    }

    void aRejectedRecordIsDeliveredOnceMore()
    {
        const JournalFixture fixture;
        const auto run = fixture.pass(1);
        const auto outbox = fixture.outbox(kCloud);
        decide(*outbox, 1, RecordState::Rejected);
        QCOMPARE(waitingIn(fixture), 0);

        const auto outcome = queueAgain(fixture.options(), std::array{kCloud}, std::array{idOf(1)});

        QVERIFY(queued(outcome) == (std::vector{QueuedAgain{kCloud, idOf(1)}}));
        const auto entry = require(outbox->pending(1, 0)).front();
        QCOMPARE(entry.state, RecordState::Queued);
        QVERIFY(require(outbox->counts()) == (OutboxCounts{1, 0, 0, 0}));
        QCOMPARE(waitingIn(fixture), 1);
        const auto shown = require(fixture.open()->stateOf(DeviceFigure{1}.recordOf(run)));
        QVERIFY(shown.state == RecordState::Queued);
        QVERIFY(shown.destinations.front().code.empty());

        decide(*outbox, 1, RecordState::Accepted);
        QVERIFY(require(outbox->counts()) == (OutboxCounts{0, 0, 1, 0}));
        QVERIFY(!fixture.verify().firstBad);
    }

    void everyDeliveryStaysInTheJournal()
    {
        const JournalFixture fixture;
        fixture.pass(1);
        const auto outbox = fixture.outbox(kCloud);
        for (int round = 0; round < 2; ++round) { // rejected, queued again, and rejected once more
            decide(*outbox, 1, RecordState::Rejected);
            QCOMPARE(queued(queueAgain(fixture.options(), std::array{kCloud}, std::array{idOf(1)})).size(), 1U);
        }
        QCOMPARE(
            fixture.ask("SELECT group_concat(state) FROM (SELECT state FROM delivery_event ORDER BY seq)").toString(),
            QStringLiteral("sent,rejected,queued,sent,rejected,queued"));
        QCOMPARE(require(outbox->pending(1, 0)).front().attempts, 2);
        QVERIFY(!fixture.verify().firstBad);
    }

    void aRecordIsQueuedOnceHoweverOftenItIsAskedFor()
    {
        const JournalFixture fixture;
        fixture.pass(1);
        decide(*fixture.outbox(kCloud), 1, RecordState::Rejected);
        const std::array ids{idOf(1), idOf(1)};

        QCOMPARE(queued(queueAgain(fixture.options(), std::array{kCloud}, ids)).size(), 1U);
        const auto second = refused(queueAgain(fixture.options(), std::array{kCloud}, ids));

        QCOMPARE(second.size(), 2U);
        QVERIFY(second.front() == (NotRejected{idOf(1), RecordState::Queued}));
        QCOMPARE(fixture.ask("SELECT count(*) FROM delivery_event WHERE state = 'queued'").toInt(), 1);
    }

    void oneThatWasNotRejectedQueuesNone()
    {
        const JournalFixture fixture;
        for (int device = 1; device <= 3; ++device) {
            fixture.pass(device);
        }
        const auto outbox = fixture.outbox(kCloud);
        decide(*outbox, 1, RecordState::Rejected);
        decide(*outbox, 2, RecordState::Accepted);
        const std::array ids{idOf(1), idOf(2), idOf(3), RegistrationId{"nobody"}};

        const auto outcome = refused(queueAgain(fixture.options(), std::array{kCloud}, ids));

        QVERIFY(outcome ==
                (std::vector{NotRejected{idOf(2), RecordState::Accepted}, NotRejected{idOf(3), RecordState::Queued},
                             NotRejected{RegistrationId{"nobody"}, {}}}));
        QVERIFY(require(outbox->counts()) == (OutboxCounts{1, 0, 1, 1}));
        QVERIFY(!fixture.verify().firstBad);
    }

    void onlyTheDestinationThatRejectedGetsItAgain()
    {
        const JournalFixture fixture{{kCloud, kPlant}};
        fixture.pass(1);
        const auto cloud = fixture.outbox(kCloud);
        const auto plant = fixture.outbox(kPlant);
        decide(*cloud, 1, RecordState::Accepted);
        decide(*plant, 1, RecordState::Rejected);

        QVERIFY(refused(queueAgain(fixture.options(), std::array{kCloud}, std::array{idOf(1)})) ==
                (std::vector{NotRejected{idOf(1), RecordState::Accepted}}));
        const auto outcome = queueAgain(fixture.options(), std::array{kCloud, kPlant}, std::array{idOf(1)});

        QVERIFY(queued(outcome) == (std::vector{QueuedAgain{kPlant, idOf(1)}}));
        QCOMPARE(require(cloud->counts()).accepted, 1);
        QCOMPARE(require(plant->counts()).queued, 1);
    }

    void aRecordThatWasNeverQueuedThereIsNotRejected()
    {
        const JournalFixture fixture;
        fixture.pass(1);
        QVERIFY(refused(queueAgain(fixture.options(), std::array{kPlant}, std::array{idOf(1)})) ==
                (std::vector{NotRejected{idOf(1), RecordState::Queued}}));
    }

    void allThatIsRejectedIsQueuedAgain()
    {
        const JournalFixture fixture;
        const auto outbox = fixture.outbox(kCloud);
        for (int device = 1; device <= 4; ++device) {
            fixture.pass(device);
            decide(*outbox, device, device % 2 == 0 ? RecordState::Rejected : RecordState::Accepted);
        }
        QVERIFY(require(queueRejectedAgain(fixture.options(), std::array{kCloud, kPlant})) ==
                (std::vector{QueuedAgain{kCloud, idOf(2)}, QueuedAgain{kCloud, idOf(4)}}));
        QVERIFY(require(queueRejectedAgain(fixture.options(), std::array{kCloud})).empty());
        QVERIFY(require(outbox->counts()) == (OutboxCounts{2, 0, 2, 0}));
        QVERIFY(!fixture.verify().firstBad);
    }

    /// The second line against programs with good intentions.
    void theSchemaReopensNothingWithoutADeliveryEvent_data()
    {
        QTest::addColumn<RecordState>("closed");
        QTest::addColumn<QString>("state");
        QTest::newRow("rejected, queued by hand") << RecordState::Rejected << QStringLiteral("queued");
        QTest::newRow("rejected, accepted by hand") << RecordState::Rejected << QStringLiteral("accepted");
        QTest::newRow("accepted, queued by hand") << RecordState::Accepted << QStringLiteral("queued");
    }
    void theSchemaReopensNothingWithoutADeliveryEvent()
    {
        QFETCH(RecordState, closed);
        QFETCH(QString, state);
        const JournalFixture fixture;
        fixture.pass(1);
        decide(*fixture.outbox(kCloud), 1, closed);
        const auto database = require(openForWriting(fixture.options()));
        QVERIFY(!database->execute("UPDATE outbox_entry SET state = ?", {state}).ok());
        QVERIFY(!fixture.verify().firstBad);
    }

    /// Three programs ask for the same records.
    void severalAtOnceQueueEachRecordOnce()
    {
        constexpr int kDevices = 20;
        const JournalFixture fixture;
        const auto outbox = fixture.outbox(kCloud);
        for (int device = 1; device <= kDevices; ++device) {
            fixture.pass(device);
            decide(*outbox, device, RecordState::Rejected);
        }
        std::array<std::size_t, 3> counts{};
        {
            std::vector<std::jthread> people;
            for (auto& count : counts) {
                people.emplace_back([&] {
                    for (int device = 1; device <= kDevices; ++device) {
                        count +=
                            queued(queueAgain(fixture.options(), std::array{kCloud}, std::array{idOf(device)})).size();
                    }
                });
            }
        }
        QCOMPARE(counts[0] + counts[1] + counts[2], std::size_t{kDevices});
        QCOMPARE(fixture.ask("SELECT count(*) FROM delivery_event WHERE state = 'queued'").toInt(), kDevices);
        QVERIFY(!fixture.verify().firstBad);
    }
};

QTEST_GUILESS_MAIN(TestQueueAgain)
#include "tst_queue_again.moc"
