#include "core/base/station_code.h"
#include "db/documents/json_text.h"
#include "db/journal/delivery_status.h"
#include "db/journal/open_journal.h"
#include "db/journal/queue_again.h"
#include "tests/support/journal_fixture.h"

#include <QTest>

#include <array>

using namespace enroll;
using namespace enroll::test;
using namespace enroll::db::journal;
using enrollment::RecordState;

namespace {

constexpr std::int64_t kOutboxEntry = 4; // behind the journal's birth, the run and its record
constexpr auto kNewestEvent = "SELECT max(seq) FROM delivery_event";

/// One device's record in the queue for the cloud.
class QueueOfOne : public JournalFixture {
public:
    QueueOfOne() { pass(1); }

    void send() const { require(outbox(kCloud)->markSent(std::array{kOutboxEntry})); }
    void close(RecordState state) const
    {
        const bool rejected = state == RecordState::Rejected;
        require(outbox(kCloud)->close(std::array{
            delivery::OutboxClosing{kOutboxEntry, state, rejected ? "U-410" : "", rejected ? "other hub" : ""}}));
    }
    [[nodiscard]] Result<DeliveryStatus> status() const
    {
        const auto database = require(openForReading(directory()));
        return deliveryStatus(*database, kOutboxEntry);
    }
    [[nodiscard]] std::optional<BadEntry> badOrder() const
    {
        const auto database = require(openForReading(directory()));
        return require(verifyDeliveryOrder(*database));
    }
    /// What the newest event says, committed as another program would have.
    void commitNewest(const char* member, const QString& value) const
    {
        const auto seq = ask(kNewestEvent).toLongLong();
        const auto body = ask("SELECT body FROM chain_entry WHERE seq = ?", {seq}).toByteArray();
        auto document = require(db::documents::parseJsonObject(body));
        document.insert(QLatin1String(member), value);
        commitOtherwise(directory(), seq, db::documents::canonicalJson(document));
    }
};

bool isAltered(const Result<DeliveryStatus>& status)
{
    return !status.ok() && status.error().code == StationCode::JournalAltered;
}

} // namespace

class tst_delivery_status : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void followsTheEvents()
    {
        const QueueOfOne queue;
        const auto is = [&queue](RecordState state, int attempts) {
            const auto status = require(queue.status());
            return status.state == state && status.attempts == attempts && !status.notUnderstood &&
                   status.registrationId == DeviceFigure{1}.registrationId() && !queue.badOrder();
        };
        QVERIFY(is(RecordState::Queued, 0));
        queue.send();
        QVERIFY(is(RecordState::Sent, 1));
        queue.send();
        QVERIFY(is(RecordState::Sent, 2));
        queue.close(RecordState::Accepted);
        QVERIFY(is(RecordState::Accepted, 2));
    }

    void namesTheNewestRejection()
    {
        const QueueOfOne queue;
        queue.send();
        QCOMPARE(require(queue.status()).rejectedBy, std::int64_t{0});
        queue.close(RecordState::Rejected);
        const auto first = queue.ask(kNewestEvent).toLongLong();
        QCOMPARE(require(queue.status()).rejectedBy, first);
        const std::array ids{DeviceFigure{1}.registrationId()};
        require(queueAgain(queue.options(), std::array{kCloud}, ids));
        QCOMPARE(require(queue.status()).rejectedBy, first);
        const auto waiting = require(queue.outbox(kCloud)->pending(1, 0));
        QCOMPARE(waiting.front().rejectedFor, std::string{"other hub"});
        queue.close(RecordState::Rejected);
        QCOMPARE(require(queue.status()).rejectedBy, queue.ask(kNewestEvent).toLongLong());
    }

    void theColumnAloneDecidesNothing_data()
    {
        QTest::addColumn<QString>("change");
        QTest::newRow("accepted") << "UPDATE outbox_entry SET state = 'accepted'";
        QTest::newRow("queued again") << "UPDATE outbox_entry SET state = 'queued'";
        QTest::newRow("never tried") << "UPDATE outbox_entry SET attempts = 0";
        QTest::newRow("tried once more") << "UPDATE outbox_entry SET attempts = attempts + 1";
        QTest::newRow("no event") << "DELETE FROM delivery_event";
        QTest::newRow("event that says otherwise") << "UPDATE delivery_event SET state = 'accepted'";
    }
    void theColumnAloneDecidesNothing()
    {
        QFETCH(const QString, change);
        const QueueOfOne queue;
        queue.send();
        QVERIFY(!isAltered(queue.status()));
        QCOMPARE(queue.tamper(change.toLatin1().constData()), 1);
        QVERIFY(isAltered(queue.status()));
    }

    /// Accepted stays accepted; rejected is queued again or set aside; whatever waits is not queued once more.
    void noStateFollowsWhereItCannot_data()
    {
        QTest::addColumn<QString>("closed");
        QTest::addColumn<QString>("next");
        QTest::newRow("sent after accepted") << "accepted"
                                             << "sent";
        QTest::newRow("queued after accepted") << "accepted"
                                               << "queued";
        QTest::newRow("accepted twice") << "accepted"
                                        << "accepted";
        QTest::newRow("sent after rejected") << "rejected"
                                             << "sent";
        QTest::newRow("accepted after rejected") << "rejected"
                                                 << "accepted";
    }
    void noStateFollowsWhereItCannot()
    {
        QFETCH(const QString, closed);
        QFETCH(const QString, next);
        const QueueOfOne queue;
        queue.send();
        queue.close(closed == QStringLiteral("accepted") ? RecordState::Accepted : RecordState::Rejected);
        QVERIFY(!queue.badOrder());
        // The first event takes the place of the one that closed it, so that the second follows it.
        QCOMPARE(queue.tamper("UPDATE delivery_event SET state = ? WHERE seq = (SELECT min(seq) FROM delivery_event)",
                              {closed}),
                 1);
        QCOMPARE(queue.tamper("UPDATE delivery_event SET state = ? WHERE seq = (SELECT max(seq) FROM delivery_event)",
                              {next}),
                 1);
        const auto bad = queue.badOrder();
        QVERIFY(bad.has_value());
        QCOMPARE(bad->seq, queue.ask(kNewestEvent).toLongLong());
        QCOMPARE(bad->id, DeviceFigure{1}.registrationId().text());
        QVERIFY(isAltered(queue.status()));
    }

    void anEventOfANewerProgramIsLeftToIt()
    {
        const QueueOfOne queue;
        queue.send();
        queue.commitNewest("schema", QStringLiteral("enrollment-station/delivery-event/9"));
        const auto status = require(queue.status());
        QVERIFY(status.notUnderstood.has_value());
        QCOMPARE(status.state, RecordState::Sent);
        QCOMPARE(status.notUnderstood->registrationId, DeviceFigure{1}.registrationId());
    }

    void oneThatWasSetAsideStaysRejectedInTheColumn()
    {
        for (const auto state : enrollment::kAllRecordStates) {
            QVERIFY(stateInColumn(state) == (state == RecordState::SetAside ? RecordState::Rejected : state));
        }
    }

    void onlyTheStatesOfARecordAreRead()
    {
        const QueueOfOne queue;
        const auto database = require(openForReading(queue.directory()));
        for (const auto state : enrollment::kAllRecordStates) {
            QVERIFY(require(recordStateFromText(*database, std::string{recordStateText(state)})) == state);
        }
        for (const auto* text : {"", "Queued", "queued ", "lost"}) {
            QCOMPARE(recordStateFromText(*database, text).error().code, ErrorCode{StationCode::JournalAltered});
        }
    }
};

QTEST_GUILESS_MAIN(tst_delivery_status)
#include "tst_delivery_status.moc"
