#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "db/journal/open_journal.h"
#include "tests/support/journal_fixture.h"

#include <QTest>

#include <array>

using namespace enroll;
using namespace enroll::test;
using namespace enroll::enrollment;
using enroll::db::journal::connectTo;
using enroll::db::journal::journalFile;
using enroll::delivery::OutboxClosing;
using enroll::delivery::OutboxCounts;

namespace {

std::vector<std::string> serialsOf(const std::vector<delivery::OutboxEntry>& entries)
{
    std::vector<std::string> serials;
    for (const auto& entry : entries) {
        serials.push_back(entry.record.serialNumber.text());
    }
    return serials;
}

template <class Value>
bool isAltered(const Result<Value>& result, const std::string& named)
{
    if (result || result.error().code != StationCode::JournalAltered ||
        result.error().what.find(named) == std::string::npos) {
        qWarning("%s", result ? "no error" : describeForLog(result.error()).c_str());
        return false;
    }
    return result.error().what.find("journal.sqlite") != std::string::npos;
}

/// A journal whose one record is at entry 3, queued by entry 4.
class OneRecord : public JournalFixture {
public:
    OneRecord() { pass(1); }
};

void acceptOnly(const JournalFixture& fixture)
{
    const auto outbox = fixture.outbox(kCloud);
    const auto id = require(outbox->pending(1, 0)).front().id;
    require(outbox->markSent(std::array{id}));
    require(outbox->close(std::array{OutboxClosing{id, RecordState::Accepted, {}, {}}}));
}

} // namespace

class TestSqliteOutbox : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void givesWhatIsQueuedOldestFirst()
    {
        const JournalFixture fixture;
        fixture.pass(3);
        fixture.pass(1);
        fixture.end(7, Outcome::Fail, DeviceCode::AttestationWrong);
        const auto run = fixture.pass(2);

        const auto entries = require(fixture.outbox(kCloud)->pending(10, 0));

        QVERIFY(serialsOf(entries) == (std::vector<std::string>{"GX-000003", "GX-000001", "GX-000002"}));
        QVERIFY(entries.back().record == DeviceFigure{2}.recordOf(run));
        QCOMPARE(entries.back().state, RecordState::Queued);
        QCOMPARE(entries.back().attempts, 0);
    }

    void pagesByTheLastId()
    {
        const JournalFixture fixture;
        for (int device = 1; device <= 5; ++device) {
            fixture.pass(device);
        }
        const auto outbox = fixture.outbox(kCloud);
        const auto first = require(outbox->pending(2, 0));
        const auto second = require(outbox->pending(2, first.back().id));
        const auto third = require(outbox->pending(2, second.back().id));

        QVERIFY(serialsOf(second) == (std::vector<std::string>{"GX-000003", "GX-000004"}));
        QVERIFY(serialsOf(third) == (std::vector<std::string>{"GX-000005"}));
    }

    void remembersThatACallWentOut()
    {
        const JournalFixture fixture;
        fixture.pass(1);
        const auto id = require(fixture.outbox(kCloud)->pending(1, 0)).front().id;

        require(fixture.outbox(kCloud)->markSent(std::array{id}));
        require(fixture.outbox(kCloud)->markSent(std::array{id}));

        const auto entry = require(fixture.outbox(kCloud)->pending(1, 0)).front();
        QCOMPARE(entry.state, RecordState::Sent);
        QCOMPARE(entry.attempts, 2);
    }

    void closesForGood()
    {
        const JournalFixture fixture;
        fixture.pass(1);
        const auto outbox = fixture.outbox(kCloud);
        const auto id = require(outbox->pending(1, 0)).front().id;

        require(outbox->close(std::array{OutboxClosing{id, RecordState::Rejected, "U-409", "other key"}}));
        require(outbox->close(std::array{OutboxClosing{id, RecordState::Accepted, {}, {}}}));
        require(outbox->markSent(std::array{id}));

        QVERIFY(require(outbox->pending(10, 0)).empty());
        QCOMPARE(require(outbox->counts()).rejected, 1);
        QCOMPARE(require(outbox->counts()).accepted, 0);
        QCOMPARE(fixture.ask("SELECT count(*) FROM delivery_event").toInt(), 1);
        QVERIFY(!fixture.verify().firstBad);
    }

    void closesSeveralInOneTransaction()
    {
        const JournalFixture fixture;
        fixture.pass(1);
        fixture.pass(2);
        const auto outbox = fixture.outbox(kCloud);
        const auto entries = require(outbox->pending(10, 0));

        require(outbox->close(std::array{OutboxClosing{entries[0].id, RecordState::Accepted, {}, {}},
                                         OutboxClosing{entries[1].id, RecordState::Rejected, "U-400", "bad"}}));

        QVERIFY(require(outbox->counts()) == (OutboxCounts{0, 0, 1, 1}));
    }

    void keepsDestinationsApart()
    {
        const JournalFixture fixture{{kCloud, kPlant}};
        fixture.pass(1);
        const auto cloud = fixture.outbox(kCloud);
        const auto plant = fixture.outbox(kPlant);
        const auto cloudId = require(cloud->pending(1, 0)).front().id;

        require(plant->close(std::array{OutboxClosing{cloudId, RecordState::Accepted, {}, {}}}));
        QCOMPARE(require(cloud->counts()).queued, 1);
        require(cloud->close(std::array{OutboxClosing{cloudId, RecordState::Accepted, {}, {}}}));

        QVERIFY(require(cloud->counts()) == (OutboxCounts{0, 0, 1, 0}));
        QVERIFY(require(plant->counts()) == (OutboxCounts{1, 0, 0, 0}));
    }

    void leavesIdsAloneThatNobodyKnows()
    {
        const JournalFixture fixture;
        fixture.pass(1);
        require(fixture.outbox(kCloud)->markSent(std::array<std::int64_t, 2>{1, 4711}));
        QVERIFY(require(fixture.outbox(kCloud)->counts()) == (OutboxCounts{1, 0, 0, 0}));
        QVERIFY(!fixture.verify().firstBad);
    }

    void queuesWhatWasEnrolledBeforeTheDestinationExisted()
    {
        const JournalFixture fixture{{}};
        fixture.pass(1);
        fixture.pass(2);
        const auto plant = fixture.outbox(kPlant);

        QCOMPARE(require(plant->enqueueMissing()), 2);
        QCOMPARE(require(plant->enqueueMissing()), 0);
        QCOMPARE(require(plant->counts()).queued, 2);
        QVERIFY(!fixture.verify().firstBad);
    }

    void waitsForNobodyWhereNothingIsMissing()
    {
        const JournalFixture fixture;
        fixture.pass(1);
        const auto outbox = fixture.outbox(kCloud);
        const auto slot = require(
            connectTo(journalFile(fixture.directory()), db::sqlite::Access::ReadWrite, fixture.options().busyTimeout));
        const auto held = require(db::sqlite::Transaction::begin(*slot, db::sqlite::Transaction::Kind::Write));

        const auto queued = outbox->enqueueMissing();

        QVERIFY2(queued.ok(), queued.ok() ? "" : queued.error().what.c_str());
        QCOMPARE(*queued, 0);
    }

    void isClaimedByOneAtATime()
    {
        const JournalFixture fixture{{kCloud, kPlant}};
        const auto first = fixture.outbox(kCloud);
        auto second = fixture.outbox(kCloud);

        QVERIFY(require(first->claim()));
        QVERIFY(require(first->claim()));
        QVERIFY(!require(second->claim()));
        QVERIFY(require(fixture.outbox(kPlant)->claim()));

        first->release();
        QVERIFY(require(second->claim()));
        QVERIFY(!require(first->claim()));
        second.reset();
        QVERIFY(require(first->claim()));
    }

    void whoHasTheClaimIsProvenToAgain()
    {
        const OneRecord fixture;
        int asked = 0;
        const auto outbox =
            require(db::journal::SqliteOutbox::open(fixture.options(), kCloud, [&asked]() -> Result<void> {
                return ++asked < 3 ? Result<void>{} : makeError(StationCode::JournalAltered, "altered");
            }));

        QVERIFY(require(outbox->claim()));
        QVERIFY(require(outbox->claim()));
        QCOMPARE(asked, 2);
        const auto refused = outbox->claim();
        QVERIFY(!refused.ok() && refused.error().code == StationCode::JournalAltered);
    }

    void passesOverWhatItDoesNotUnderstand_data()
    {
        QTest::addColumn<QByteArray>("was");
        QTest::addColumn<QByteArray>("is");
        QTest::addColumn<QString>("what");
        QTest::newRow("a newer version") << QByteArray{"enrollment-record/1"} << QByteArray{"enrollment-record/99"}
                                         << QStringLiteral("schema is version 99");
        QTest::newRow("a newer version of another form")
            << QByteArray{"\"endorsementKeySha256\""} << QByteArray{"\"digest\""}
            << QStringLiteral("schema is version 99");
        QTest::newRow("a member") << QByteArray{"{"} << QByteArray{"{\"line\":\"A\","}
                                  << QStringLiteral("line is a member that this program does not know");
        QTest::newRow("a record that is not sound")
            << QByteArray{"\"endorsementKeySha256\":\""} << QByteArray{"\"endorsementKeySha256\":\"00"}
            << QStringLiteral("endorsementKeySha256 is not the digest of endorsementKey");
    }
    void passesOverWhatItDoesNotUnderstand()
    {
        QFETCH(QByteArray, was);
        QFETCH(QByteArray, is);
        QFETCH(QString, what);
        const JournalFixture fixture;
        for (int device = 1; device <= 3; ++device) {
            fixture.pass(device);
        }
        auto body = fixture.ask("SELECT body FROM chain_entry WHERE seq = 3").toByteArray().replace(was, is);
        if (what.startsWith(QStringLiteral("schema"))) {
            body.replace("enrollment-record/1", "enrollment-record/99");
        }
        commitOtherwise(fixture.directory(), 3, body);
        const auto outbox = fixture.outbox(kCloud);

        QVERIFY(require(outbox->claim()));
        QVERIFY(serialsOf(require(outbox->pending(10, 0))) == (std::vector<std::string>{"GX-000002", "GX-000003"}));
        QVERIFY(serialsOf(require(outbox->pending(1, 0))) == std::vector<std::string>{"GX-000002"});
        QCOMPARE(require(outbox->counts()).queued, 3);
        for (const auto& name : {kCloud, kPlant}) { // queued there, and not yet
            const auto notUnderstood = require(fixture.outbox(name)->recordsNotUnderstood());
            QCOMPARE(notUnderstood.size(), 1U);
            QVERIFY(notUnderstood.front().registrationId == DeviceFigure{1}.registrationId());
            QCOMPARE(QString::fromStdString(notUnderstood.front().what), what);
        }
    }

    void leavesToANewerProgramWhatThatSaidOfADelivery_data()
    {
        QTest::addColumn<int>("entry");
        QTest::addColumn<QByteArray>("was");
        QTest::addColumn<QByteArray>("is");
        QTest::newRow("a state") << 5 << QByteArray{"\"sent\""} << QByteArray{"\"withdrawn\""};
        QTest::newRow("a version of events") << 5 << QByteArray{"delivery-event/1"} << QByteArray{"delivery-event/2"};
        QTest::newRow("a version of entries") << 4 << QByteArray{"outbox-entry/1"} << QByteArray{"outbox-entry/2"};
        QTest::newRow("a member of an entry") << 4 << QByteArray{"{"} << QByteArray{"{\"notBefore\":\"2027\","};
    }
    void leavesToANewerProgramWhatThatSaidOfADelivery()
    {
        QFETCH(int, entry);
        QFETCH(QByteArray, was);
        QFETCH(QByteArray, is);
        const OneRecord fixture;
        require(fixture.outbox(kCloud)->markSent(std::array{std::int64_t{4}}));
        auto body = fixture.ask("SELECT body FROM chain_entry WHERE seq = ?", {entry}).toByteArray();
        commitOtherwise(fixture.directory(), entry, body.replace(body.indexOf(was), was.size(), is));
        if (is.contains("withdrawn")) {
            fixture.tamper("UPDATE delivery_event SET state = 'withdrawn'");
            fixture.tamper("UPDATE outbox_entry SET state = 'queued', attempts = 0");
        }
        const auto outbox = fixture.outbox(kCloud);

        QVERIFY(require(outbox->claim()));
        QVERIFY(require(outbox->pending(10, 0)).empty());
        const auto notUnderstood = require(outbox->recordsNotUnderstood());
        QCOMPARE(notUnderstood.size(), 1U);
        QVERIFY(notUnderstood.front().registrationId == DeviceFigure{1}.registrationId());
    }

    void handsOutNothingThatWasAltered_data()
    {
        QTest::addColumn<QByteArray>("sql");
        QTest::addColumn<QByteArray>("named");
        const auto row = [](const char* what, const char* sql, const char* named) {
            QTest::newRow(what) << QByteArray{sql} << QByteArray{named};
        };
        row("record's bytes",
            "UPDATE chain_entry SET body = CAST(replace(body, 'GX-000001', 'GX-000009') AS BLOB) WHERE seq = 3",
            "entry 3, enrollment-record");
        row("record's hash", "UPDATE chain_entry SET entry_hash = zeroblob(32) WHERE seq = 3", "entry 3");
        row("record's hash in the chain", "UPDATE chain_entry SET prev_hash = zeroblob(32) WHERE seq = 4", "entry 4");
        row("record's entry", "DELETE FROM chain_entry WHERE seq = 3", "entry 3");
        row("record's search row", "DELETE FROM enrollment_record", "entry 3");
        row("queueing's bytes", "UPDATE chain_entry SET body = CAST('{}' AS BLOB) WHERE seq = 4",
            "entry 4, outbox-entry");
        row("another record is meant", "UPDATE outbox_entry SET record_seq = 2", "entry 4, outbox-entry");
        row("state without an event", "UPDATE outbox_entry SET state = 'sent'", "entry 4, outbox-entry (");
        row("attempts without an event", "UPDATE outbox_entry SET attempts = 7", "entry 4, outbox-entry");
        row("end of the chain", "UPDATE chain_head SET hash = zeroblob(32)", "entry 4");
        row("no end of the chain", "DELETE FROM chain_head", "entry 4");
    }
    void handsOutNothingThatWasAltered()
    {
        QFETCH(QByteArray, sql);
        QFETCH(QByteArray, named);
        const OneRecord fixture;
        const auto outbox = fixture.outbox(kCloud);
        QCOMPARE(fixture.tamper(sql.constData()), 1);
        QVERIFY(isAltered(outbox->pending(10, 0), named.toStdString()));
    }

    void handsOutNothingThatWasQueuedAgainByHand()
    {
        const OneRecord fixture;
        acceptOnly(fixture);
        const auto outbox = fixture.outbox(kCloud);
        QCOMPARE(fixture.tamper("UPDATE outbox_entry SET state = 'queued'"), 1);
        QVERIFY(isAltered(outbox->pending(10, 0),
                          "entry 4, outbox-entry (" + DeviceFigure{1}.registrationId().text() + ')'));
        QVERIFY(isAltered(outbox->markSent(std::array<std::int64_t, 1>{4}), "entry 4"));
        QVERIFY(isAltered(outbox->close(std::array{OutboxClosing{4, RecordState::Rejected, "U-409", "x"}}), "entry 4"));
        QCOMPARE(fixture.ask("SELECT count(*) FROM delivery_event").toInt(), 2);
    }

    void handsOutNothingWhoseLastEventWasAltered()
    {
        const OneRecord fixture;
        const auto outbox = fixture.outbox(kCloud);
        require(outbox->markSent(std::array<std::int64_t, 1>{4}));
        fixture.tamper("UPDATE chain_entry SET body = CAST(replace(body, 'sent', 'held') AS BLOB) WHERE seq = 5");
        QVERIFY(isAltered(outbox->pending(10, 0), "entry 5, delivery-event"));
    }

    void queuesNoRecordThatTheChainDoesNotHold_data()
    {
        QTest::addColumn<QByteArray>("sql");
        QTest::newRow("no entry") << QByteArray{"UPDATE enrollment_record SET seq = 77"};
        QTest::newRow("an entry of another kind") << QByteArray{"UPDATE enrollment_record SET seq = 2"};
        QTest::newRow("an entry of another record") << QByteArray{"UPDATE enrollment_record SET serial_number = 'x'"};
    }
    void queuesNoRecordThatTheChainDoesNotHold()
    {
        QFETCH(QByteArray, sql);
        const JournalFixture fixture{{}};
        fixture.pass(1);
        const auto outbox = fixture.outbox(kPlant);
        QCOMPARE(fixture.tamper(sql.constData()), 1);
        QVERIFY(isAltered(outbox->enqueueMissing(), "enrollment-record"));
        QCOMPARE(fixture.ask("SELECT count(*) FROM outbox_entry").toInt(), 0);
    }

    void queuesNothingBehindADamagedEnd_data()
    {
        QTest::addColumn<QByteArray>("sql");
        QTest::newRow("other hash") << QByteArray{"UPDATE chain_head SET hash = zeroblob(32)"};
        QTest::newRow("too few entries") << QByteArray{"UPDATE chain_head SET entries = 2"};
        QTest::newRow("too many entries") << QByteArray{"UPDATE chain_head SET entries = 9"};
        QTest::newRow("none") << QByteArray{"DELETE FROM chain_head"};
        QTest::newRow("last entry cut off") << QByteArray{"DELETE FROM chain_entry WHERE seq = 3"};
        QTest::newRow("other bytes before the last")
            << QByteArray{"UPDATE chain_entry SET body = CAST('{}' AS BLOB) WHERE seq = 2"};
    }
    void queuesNothingBehindADamagedEnd()
    {
        QFETCH(QByteArray, sql);
        const JournalFixture fixture{{}};
        fixture.pass(1);
        const auto outbox = fixture.outbox(kPlant);
        const auto journal = fixture.open();
        QCOMPARE(fixture.tamper(sql.constData()), 1);
        QVERIFY(isAltered(outbox->enqueueMissing(), "entry "));
        QVERIFY(isAltered(journal->commit(DeviceFigure{2}.passingRun(), std::nullopt), "entry "));
        QVERIFY(!db::journal::SqliteJournal::open(fixture.options()).ok());
        QCOMPARE(fixture.ask("SELECT count(*) FROM outbox_entry").toInt(), 0);
        QCOMPARE(fixture.ask("SELECT count(*) FROM run").toInt(), 1);
    }

    void queuesARetestOnce()
    {
        const JournalFixture fixture;
        fixture.pass(1);
        fixture.pass(1);
        QCOMPARE(require(fixture.outbox(kCloud)->pending(10, 0)).size(), 1U);
    }
};

QTEST_GUILESS_MAIN(TestSqliteOutbox)
#include "tst_sqlite_outbox.moc"
