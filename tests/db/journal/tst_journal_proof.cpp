#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "db/journal/journal_proof.h"
#include "tests/support/journal_fixture.h"

#include <QTest>

#include <array>

using namespace enroll;
using namespace enroll::test;
using namespace enroll::db::journal;
using namespace enroll::enrollment;

namespace {

constexpr int kDevices = 150; // 601 entries: more than two marks

/// The entry of the record of a device: after the journal's birth, each commit makes run, record and two outbox entries.
constexpr std::int64_t recordOf(int device)
{
    return 4 * std::int64_t{device} - 1;
}

class LongJournal : public JournalFixture {
public:
    LongJournal() : JournalFixture({kPlant, kCloud})
    {
        const auto journal = open();
        for (int device = 1; device <= kDevices; ++device) {
            const DeviceFigure figure{device};
            const auto run = figure.passingRun();
            require(journal->commit(run, figure.recordOf(run)));
        }
    }

    /// Has every record delivered to the cloud.
    void deliver() const
    {
        const auto queue = outbox(kCloud);
        std::vector<std::int64_t> ids;
        std::vector<delivery::OutboxClosing> closings;
        for (const auto& entry : require(queue->pending(kDevices, 0))) {
            ids.push_back(entry.id);
            closings.push_back({entry.id, RecordState::Accepted, {}, {}});
        }
        require(queue->markSent(ids));
        require(queue->close(closings));
    }

    void forgeRecordOf(int device) const
    {
        auto body =
            ask("SELECT body FROM chain_entry WHERE seq = ?", {static_cast<qlonglong>(recordOf(device))}).toByteArray();
        forgeEntry(directory(), recordOf(device), body.replace("\"deviceId\":\"", "\"deviceId\":\"FORGED-"));
    }
};

/// How often a renewal told of its progress.
int told(JournalProof& proof)
{
    int times = 0;
    require(proof.renew(kCloud, [&](std::int64_t, std::int64_t) { ++times; }));
    return times;
}

/// Rows of a test: devices whose records stand differently to what the proof remembers.
void devicesByMark()
{
    QTest::addColumn<int>("device");
    QTest::newRow("before the first mark") << 20;
    QTest::newRow("between two marks") << 120;
    QTest::newRow("behind the last") << kDevices;
}

ErrorCode refusal(JournalProof& proof)
{
    const auto renewed = proof.renew(kCloud);
    return renewed.ok() ? ErrorCode{StationCode::InternalFault} : renewed.error().code;
}

} // namespace

class TestJournalProof : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void looksAtTheWholeJournalOnce()
    {
        const LongJournal journal;
        journal.deliver();
        JournalProof proof{journal.directory()};
        QCOMPARE(told(proof), 4);
        QCOMPARE(told(proof), 0); // nothing is new
        journal.pass(kDevices + 1);
        QCOMPARE(told(proof), 1); // its four entries
    }

    void anAlteredJournalIsRefusedTheFirstTime()
    {
        const LongJournal journal;
        journal.deliver();
        QCOMPARE(journal.tamper("UPDATE run SET slot = slot + 1 WHERE seq = 2"), 1);
        JournalProof proof{journal.directory()};
        QCOMPARE(refusal(proof), StationCode::JournalAltered);
        QCOMPARE(refusal(proof), StationCode::JournalAltered);
        QCOMPARE(journal.tamper("UPDATE run SET slot = slot - 1 WHERE seq = 2"), 1);
        require(proof.renew(kCloud));
    }

    /// A record that waits since before the last proof, with a hash that fits it and an entry behind it that holds this
    /// hash: whoever looks at the neighbours alone takes it for good.
    void aForgedRecordThatWaitsIsRefused_data() { devicesByMark(); }
    void aForgedRecordThatWaitsIsRefused()
    {
        QFETCH(int, device);
        const LongJournal journal;
        JournalProof proof{journal.directory()};
        require(proof.renew(kCloud));
        journal.pass(kDevices + 1);
        require(proof.renew(kCloud));
        journal.forgeRecordOf(device);
        QVERIFY(journal.outbox(kCloud)->pending(kDevices, 0).ok());
        const auto renewed = proof.renew(kCloud);
        QVERIFY(!renewed.ok());
        QCOMPARE(renewed.error().code, StationCode::JournalAltered);
        const auto named = "entry " + std::to_string(recordOf(device) + 1) + ", outbox-entry";
        QVERIFY2(renewed.error().what.find(named) != std::string::npos, renewed.error().what.c_str());
    }

    void whatIsNewIsProven()
    {
        const LongJournal journal;
        journal.deliver();
        JournalProof proof{journal.directory()};
        require(proof.renew(kCloud));
        journal.pass(kDevices + 1);
        QCOMPARE(journal.tamper("UPDATE enrollment_record SET batch = 'x' WHERE seq = (SELECT max(seq) FROM "
                                "enrollment_record)"),
                 1);
        QCOMPARE(refusal(proof), StationCode::JournalAltered);
    }

    void anEndThatWasCutOffIsRefused()
    {
        const LongJournal journal;
        journal.deliver();
        JournalProof proof{journal.directory()};
        require(proof.renew(kCloud));
        QCOMPARE(journal.tamper("DELETE FROM chain_entry WHERE seq = (SELECT max(seq) FROM chain_entry)"), 1);
        QCOMPARE(refusal(proof), StationCode::JournalAltered);
    }

    /// Sent again only by somebody who looks at its state alone.
    void aDeliveredRecordThatIsOpenedByHandIsRefused_data()
    {
        QTest::addColumn<QByteArrayList>("statements");
        QTest::newRow("its state") << QByteArrayList{"UPDATE outbox_entry SET state = 'queued' WHERE seq = 481"};
        QTest::newRow("its state and its deliveries")
            << QByteArrayList{"UPDATE outbox_entry SET state = 'queued', attempts = 0 WHERE seq = 481",
                              "DELETE FROM delivery_event WHERE outbox_seq = 481"};
        QTest::newRow("its outbox entry") << QByteArrayList{"DELETE FROM delivery_event WHERE outbox_seq = 481",
                                                            "DELETE FROM outbox_entry WHERE seq = 481"};
    }
    void aDeliveredRecordThatIsOpenedByHandIsRefused()
    {
        QFETCH(QByteArrayList, statements);
        const LongJournal journal;
        journal.deliver();
        JournalProof proof{journal.directory()};
        require(proof.renew(kCloud));
        for (const auto& statement : statements) {
            QVERIFY(journal.tamper(statement.constData()) > 0);
        }
        const auto claimed = [&]() -> Result<bool> {
            TRY(proof.renew(kCloud));
            TRY_ASSIGN(const auto queue, SqliteOutbox::open(journal.options(), kCloud));
            return queue->claim();
        }();
        QVERIFY(!claimed.ok());
        QCOMPARE(claimed.error().code, StationCode::JournalAltered);
    }

    /// What this proof does not see is never sent, and the next look over the whole sees it.
    void whatWasDeliveredLongAgoIsLeftToTheWholeVerification()
    {
        const LongJournal journal;
        journal.deliver();
        JournalProof proof{journal.directory()};
        require(proof.renew(kCloud));
        journal.forgeRecordOf(20);
        require(proof.renew(kCloud));
        QVERIFY(journal.verify().firstBad);
        JournalProof another{journal.directory()};
        QCOMPARE(refusal(another), StationCode::JournalAltered);
    }

    /// A chain computed anew from the forged record to its end fits itself, but is not the one that was seen.
    void aJournalThatIsWrittenAnewIsRefused_data() { devicesByMark(); }
    void aJournalThatIsWrittenAnewIsRefused()
    {
        QFETCH(int, device);
        const LongJournal journal;
        JournalProof proof{journal.directory()};
        require(proof.renew(kCloud));
        const auto seq = recordOf(device);
        auto body =
            journal.ask("SELECT body FROM chain_entry WHERE seq = ?", {static_cast<qlonglong>(seq)}).toByteArray();
        commitOtherwise(journal.directory(), seq, body.replace("\"deviceId\":\"", "\"deviceId\":\"FORGED-"));
        QVERIFY(!journal.verify().firstBad); // whoever sees it for the first time cannot know
        QCOMPARE(refusal(proof), StationCode::JournalAltered);
        QCOMPARE(refusal(proof), StationCode::JournalAltered); // and what was seen is not forgotten
    }

    void aJournalThatWasSetBackIsRefused()
    {
        const LongJournal journal;
        journal.deliver();
        journal.pass(kDevices + 1);
        JournalProof proof{journal.directory()};
        require(proof.renew(kCloud));
        const auto head = journal.ask("SELECT max(seq) - 4 FROM chain_entry").toLongLong();
        for (const auto* table : {"outbox_entry", "enrollment_record", "run", "chain_entry"}) {
            journal.tamper(QByteArray{"DELETE FROM "}
                               .append(table)
                               .append(" WHERE seq > ")
                               .append(QByteArray::number(head))
                               .constData());
        }
        journal.tamper("UPDATE chain_head SET (entries, hash) = (SELECT seq, entry_hash FROM chain_entry"
                       " ORDER BY seq DESC LIMIT 1)");
        QVERIFY(!journal.verify().firstBad);
        QCOMPARE(refusal(proof), StationCode::JournalAltered);
    }

    void anOutboxAsksTheProofAtEachClaim()
    {
        const LongJournal journal;
        JournalProof proof{journal.directory()};
        const auto queue =
            require(SqliteOutbox::open(journal.options(), kCloud, [&proof] { return proof.renew(kCloud); }));
        QVERIFY(require(queue->claim()));
        queue->release();
        journal.forgeRecordOf(120); // between two looks
        const auto claimed = queue->claim();
        QVERIFY(!claimed.ok());
        QCOMPARE(claimed.error().code, StationCode::JournalAltered);
    }

    void stopsWhenAsked()
    {
        const LongJournal journal;
        std::stop_source stop;
        stop.request_stop();
        JournalProof proof{journal.directory()};
        QCOMPARE(proof.renew(kCloud, {}, stop.get_token()).error().code, DeviceCode::Cancelled);
    }
};

QTEST_GUILESS_MAIN(TestJournalProof)
#include "tst_journal_proof.moc"
