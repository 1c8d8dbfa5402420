#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "db/documents/outbox_document.h"
#include "db/journal/chain_store.h"
#include "db/journal/index_table.h"
#include "db/journal/open_journal.h"
#include "tests/support/journal_fixture.h"

#include <QFile>
#include <QRegularExpression>
#include <QTest>

#include <array>

using namespace enroll;
using namespace enroll::test;
using namespace enroll::db::journal;
using namespace enroll::enrollment;

namespace {

constexpr std::int64_t kFailedRun = 2; // seq of the entries a fixture of this file has
constexpr std::int64_t kPassingRun = 3;
constexpr std::int64_t kRecord = 4;
constexpr std::int64_t kOutboxEntry = 5;
constexpr std::int64_t kSentEvent = 6;
constexpr std::int64_t kEntries = 7;

/// A failed run, a passing run with its record, and that record's way to its destination.
class FilledJournal : public JournalFixture {
public:
    FilledJournal()
    {
        failed = end(1, Outcome::Fail, DeviceCode::AttestationWrong);
        passed = pass(2);
        const auto queue = outbox(kCloud);
        const auto id = require(queue->pending(1, 0)).front().id;
        require(queue->markSent(std::array{id}));
        require(queue->close(std::array{delivery::OutboxClosing{id, RecordState::Rejected, "U-409", "other key"}}));
    }

    /// Turns over one bit of byte \p at of a stored column.
    void flip(const char* select, const char* update, std::int64_t seq, qsizetype at) const
    {
        auto bytes = ask(select, {static_cast<qlonglong>(seq)}).toByteArray();
        bytes[at] = static_cast<char>(static_cast<unsigned char>(bytes[at]) ^ 0x10U);
        QCOMPARE(tamper(update, {bytes, static_cast<qlonglong>(seq)}), 1);
    }

    [[nodiscard]] QString file() const { return QString::fromStdString(journalFile(directory()).string()); }

    AttestationRun failed;
    AttestationRun passed;
};

QByteArray contentOf(const QString& name)
{
    QFile file{name};
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray{};
}

void writeByte(const QString& name, qint64 at, char byte)
{
    QFile file{name};
    QVERIFY(file.open(QIODevice::ReadWrite));
    QVERIFY(file.seek(at));
    QVERIFY(file.putChar(byte));
}

/// "a=? AND b=? AND rowid=?" for an index on a and b: what a search must name to meet one row and no more.
QString wholeKeyOf(db::sqlite::Connection& database, const QString& index)
{
    auto columns =
        require(database.query("SELECT group_concat(name || '=?', ' AND ') FROM pragma_index_info(?)", {index}));
    return require(columns.next()) ? QString{columns.value(0).toString() + QLatin1String(" AND rowid=?")} : QString{};
}

QString planOf(db::sqlite::Connection& database, const char* sql)
{
    auto rows = require(database.query((std::string{"EXPLAIN QUERY PLAN "} + sql).c_str(), {0, 0}));
    QString plan;
    while (require(rows.next())) {
        plan += rows.value(3).toString() + QLatin1Char('\n');
    }
    return plan;
}

/// Every value of every row of every table, and the schema.
QStringList dumpOf(const JournalFixture& journal)
{
    const auto database = require(
        connectTo(journalFile(journal.directory()), db::sqlite::Access::ReadOnly, journal.options().busyTimeout));
    QStringList dump;
    auto tables = require(database->query(
        "SELECT name, (SELECT group_concat('quote(' || name || ')', '||'',''||') FROM pragma_table_info(t.name))"
        " FROM (SELECT 'sqlite_schema' AS name UNION ALL SELECT name FROM sqlite_schema WHERE type = 'table') t"));
    while (require(tables.next())) {
        const auto select = "SELECT " + tables.text(1) + " FROM " + tables.text(0) + " NOT INDEXED";
        auto rows = require(database->query(select.c_str()));
        while (require(rows.next())) {
            dump.append(QString::fromStdString(tables.text(0) + ' ' + rows.text(0)));
        }
    }
    return dump;
}

std::int64_t badSeq(const VerifyReport& report)
{
    return report.firstBad ? report.firstBad->seq : -1;
}

} // namespace

class TestVerifyJournal : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void acceptsAnUntouchedJournal()
    {
        const FilledJournal journal;
        const auto report = journal.verify();
        QVERIFY2(!report.firstBad, report.firstBad ? report.firstBad->reason.c_str() : "");
        QCOMPARE(report.entries, kEntries);
    }

    void acceptsAJournalThatRecordedNothing()
    {
        const JournalFixture fixture;
        static_cast<void>(fixture.open());
        QCOMPARE(fixture.verify().entries, 1);
        QVERIFY(!fixture.verify().firstBad);
    }

    void refusesADirectoryWithoutAJournal()
    {
        const JournalFixture fixture;
        QCOMPARE(verifyJournal(fixture.directory()).error().code, StationCode::NothingFound);
    }

    void namesTheRunWhoseBytesWereFlipped()
    {
        const FilledJournal journal;
        const auto size = journal.ask("SELECT length(body) FROM chain_entry WHERE seq = 2").toLongLong();
        QVERIFY(size > 1000);
        // A stride that shares no factor with the line of base64 or hex: it meets every kind of member.
        for (qsizetype at = 0; at < size; at += 211) {
            const auto flip = [&] {
                journal.flip("SELECT body FROM chain_entry WHERE seq = ?",
                             "UPDATE chain_entry SET body = ? WHERE seq = ?", kFailedRun, at);
            };
            flip();
            const auto report = journal.verify();
            QCOMPARE(badSeq(report), kFailedRun);
            QCOMPARE(report.firstBad->kind, std::string{"run"});
            QCOMPARE(report.entries, kFailedRun - 1);
            flip();
        }
        QVERIFY(!journal.verify().firstBad);
    }

    void namesTheRunWhoseHashesWereFlipped()
    {
        const FilledJournal journal;
        for (qsizetype at = 0; at < 32; at += 5) {
            journal.flip("SELECT entry_hash FROM chain_entry WHERE seq = ?",
                         "UPDATE chain_entry SET entry_hash = ? WHERE seq = ?", kPassingRun, at);
            const auto report = journal.verify();
            QCOMPARE(badSeq(report), kPassingRun);
            QCOMPARE(report.firstBad->id, journal.passed.runId.text());
            journal.flip("SELECT entry_hash FROM chain_entry WHERE seq = ?",
                         "UPDATE chain_entry SET entry_hash = ? WHERE seq = ?", kPassingRun, at);
            journal.flip("SELECT prev_hash FROM chain_entry WHERE seq = ?",
                         "UPDATE chain_entry SET prev_hash = ? WHERE seq = ?", kPassingRun, at);
            QCOMPARE(badSeq(journal.verify()), kPassingRun);
            journal.flip("SELECT prev_hash FROM chain_entry WHERE seq = ?",
                         "UPDATE chain_entry SET prev_hash = ? WHERE seq = ?", kPassingRun, at);
        }
    }

    /// Flips bytes in the file itself, wherever the run's id stands: in the document, the search row and its index.
    void namesTheRunWhoseBytesWereFlippedInTheFile()
    {
        const FilledJournal journal;
        const auto id = QByteArray::fromStdString(journal.failed.runId.text());
        const auto content = contentOf(journal.file());
        int places = 0;
        for (auto place = content.indexOf(id); place >= 0; place = content.indexOf(id, place + 1), ++places) {
            for (qsizetype at = place; at < place + id.size(); at += 5) {
                writeByte(journal.file(), at, static_cast<char>(content[at] ^ 0x01));
                QCOMPARE(badSeq(journal.verify()), kFailedRun);
                writeByte(journal.file(), at, content[at]);
            }
        }
        QCOMPARE(places, 3);
        QVERIFY(!journal.verify().firstBad);
    }

    /// No byte of the file can be lost without somebody noticing, or without being of no consequence.
    void findsOrSurvivesEveryDamageOfTheFile()
    {
        const FilledJournal journal;
        const auto content = contentOf(journal.file());
        const auto dump = dumpOf(journal);
        QVERIFY(dump.size() > kEntries * 2);
        int found = 0;
        for (qsizetype at = 100; at < content.size(); at += 499) {
            writeByte(journal.file(), at, static_cast<char>(content[at] ^ 0x20));
            const auto report = verifyJournal(journal.directory());
            const bool noticed = !report.ok() || report->firstBad;
            found += report.ok() && noticed ? 1 : 0;
            QVERIFY2(noticed || dumpOf(journal) == dump, qPrintable(QString::number(at)));
            writeByte(journal.file(), at, content[at]);
        }
        QVERIFY(found > 0);
        QVERIFY(!journal.verify().firstBad);
    }

    void namesTheEntryWhoseSearchColumnsWereChanged_data()
    {
        QTest::addColumn<QByteArray>("sql");
        QTest::addColumn<qint64>("seq");
        const auto row = [](const char* sql, std::int64_t seq) {
            QTest::addRow("%s", sql) << QByteArray{sql} << qint64{seq};
        };
        row("UPDATE run SET run_id = 'x' WHERE seq = 2", kFailedRun);
        row("UPDATE run SET started_at = started_at + 1 WHERE seq = 2", kFailedRun);
        row("UPDATE run SET duration_ms = 1 WHERE seq = 2", kFailedRun);
        row("UPDATE run SET slot = 0 WHERE seq = 2", kFailedRun);
        row("UPDATE run SET serial_number = 'GX-000003' WHERE seq = 2", kFailedRun);
        row("UPDATE run SET batch = '' WHERE seq = 2", kFailedRun);
        row("UPDATE run SET operator = 'nobody' WHERE seq = 2", kFailedRun);
        row("UPDATE run SET outcome = 'pass' WHERE seq = 2", kFailedRun);
        row("UPDATE run SET code = NULL WHERE seq = 2", kFailedRun);
        row("UPDATE run SET registration_id = upper(registration_id) WHERE seq = 2", kFailedRun);
        row("UPDATE run SET code = 'D-130' WHERE seq = 3", kPassingRun);
        row("UPDATE enrollment_record SET serial_number = 'GX-000003'", kRecord);
        row("UPDATE enrollment_record SET key_fingerprint = x'00'", kRecord);
        row("UPDATE enrollment_record SET registration_id = upper(registration_id)", kRecord);
        row("UPDATE enrollment_record SET run_id = ''", kRecord);
        row("UPDATE enrollment_record SET created_at = 0", kRecord);
        row("UPDATE outbox_entry SET destination = 'elsewhere'", kOutboxEntry);
        row("UPDATE outbox_entry SET state = 'accepted'", kOutboxEntry);
        row("UPDATE outbox_entry SET state = 'queued'", kOutboxEntry);
        row("UPDATE outbox_entry SET attempts = 0", kOutboxEntry);
        row("UPDATE delivery_event SET state = 'accepted' WHERE seq = 6", kSentEvent);
        row("DELETE FROM run WHERE seq = 2", kFailedRun);
        row("DELETE FROM enrollment_record", kRecord);
        row("DELETE FROM delivery_event WHERE seq = 6", kSentEvent);
    }
    void namesTheEntryWhoseSearchColumnsWereChanged()
    {
        QFETCH(QByteArray, sql);
        QFETCH(qint64, seq);
        const FilledJournal journal;
        QCOMPARE(journal.tamper(sql.constData()), 1);
        QCOMPARE(badSeq(journal.verify()), seq);
    }

    /// Rejected, made "queued" by hand, sent and accepted by a program that believed it.
    void findsADeliveryThatNothingAllowed()
    {
        const FilledJournal journal;
        const auto id = DeviceFigure{2}.registrationId();
        const auto append = [&](RecordState state, std::int64_t seq) {
            const auto database = require(connectTo(journalFile(journal.directory()), db::sqlite::Access::ReadWrite,
                                                    journal.options().busyTimeout));
            auto transaction = require(db::sqlite::Transaction::begin(*database, db::sqlite::Transaction::Kind::Write));
            auto chain = require(ChainStore::load(*database));
            const db::documents::DeliveryEvent event{kOutboxEntry, kCloud, id, state, {}, {}};
            QCOMPARE(require(chain.append(kDeliveryKind, utcNow(), canonicalBytes(event))), seq);
            require(transaction.commit());
        };
        append(RecordState::Sent, 8);
        append(RecordState::Accepted, 9);
        QCOMPARE(journal.tamper("UPDATE outbox_entry SET state = 'accepted', attempts = 2"), 1);
        const auto report = journal.verify();
        QCOMPARE(badSeq(report), 8);
        QCOMPARE(report.firstBad->kind, std::string{"delivery-event"});
        QCOMPARE(report.firstBad->id, id.text());
    }

    void looksEachEntryUpByAWholeKey()
    {
        static const QRegularExpression kIndex{QStringLiteral("INDEXED BY (\\w+)")};
        const FilledJournal journal;
        const auto database = require(
            connectTo(journalFile(journal.directory()), db::sqlite::Access::ReadOnly, journal.options().busyTimeout));
        for (const auto& table : indexTables()) {
            for (const auto& lookup : table.lookups) {
                const auto index = kIndex.match(QLatin1String(lookup.sql)).captured(1);
                const auto plan = planOf(*database, lookup.sql);
                const QString wanted = index + QLatin1String(" (") + wholeKeyOf(*database, index) + QLatin1Char(')');
                QVERIFY2(plan.contains(wanted), qPrintable(plan));
            }
        }
    }

    void findsAnotherSchema_data()
    {
        QTest::addColumn<QByteArrayList>("statements");
        QTest::newRow("trigger dropped") << QByteArrayList{"DROP TRIGGER chain_entry_stays"};
        QTest::newRow("index dropped") << QByteArrayList{"DROP INDEX run_by_start"};
        QTest::newRow("index no longer unique") << QByteArrayList{
            "DROP INDEX record_by_key", "CREATE INDEX record_by_key ON enrollment_record(key_fingerprint)"};
        QTest::newRow("trigger that does nothing")
            << QByteArrayList{"DROP TRIGGER record_stays",
                              "CREATE TRIGGER record_stays BEFORE UPDATE ON enrollment_record BEGIN SELECT 1; END"};
        QTest::newRow("table added") << QByteArrayList{"CREATE TABLE notes(text TEXT)"};
        QTest::newRow("version flipped") << QByteArrayList{"UPDATE meta SET value = '3' WHERE key = 'schema_version'"};
        QTest::newRow("version respelled")
            << QByteArrayList{"UPDATE meta SET value = '01' WHERE key = 'schema_version'"};
    }
    void findsAnotherSchema()
    {
        QFETCH(QByteArrayList, statements);
        const FilledJournal journal;
        for (const auto& statement : statements) {
            static_cast<void>(journal.ask(statement.constData()));
        }
        const auto report = journal.verify();
        QCOMPARE(badSeq(report), 0);
        QCOMPARE(report.firstBad->kind, std::string{"database"});
    }

    void findsARunPutIntoTheSearchTableAlone()
    {
        const FilledJournal journal;
        journal.tamper("INSERT INTO run SELECT 99, 'forged', started_at, duration_ms, slot, serial_number, batch,"
                       " operator, 'pass', NULL, registration_id FROM run WHERE seq = 2");
        const auto report = journal.verify();
        QVERIFY(report.firstBad);
        QCOMPARE(report.firstBad->kind, std::string{"run"});
    }

    void findsAnEntryTakenOutOfTheMiddle()
    {
        const FilledJournal journal;
        journal.tamper("DELETE FROM chain_entry WHERE seq = 3");
        QCOMPARE(badSeq(journal.verify()), kPassingRun);
    }

    void findsATailThatWasCutOff()
    {
        const FilledJournal journal;
        journal.tamper("DELETE FROM delivery_event WHERE seq = 7");
        journal.tamper("DELETE FROM chain_entry WHERE seq = 7");
        QCOMPARE(badSeq(journal.verify()), kEntries);
    }

    void findsAHeadThatWasChanged()
    {
        const FilledJournal journal;
        journal.tamper("UPDATE chain_head SET entries = 6");
        QVERIFY(journal.verify().firstBad);
    }

    void findsTheIdentityOfAnotherJournal()
    {
        const FilledJournal journal;
        journal.tamper("UPDATE meta SET value = 'another' WHERE key = 'journal_id'");
        QCOMPARE(badSeq(journal.verify()), 1);
    }

    void reportsAFileThatIsNoDatabaseAnyMore()
    {
        const FilledJournal journal;
        for (int at = 0; at < 16; ++at) {
            writeByte(journal.file(), at, 'x');
        }
        const auto report = journal.verify();
        QVERIFY(report.firstBad);
        QCOMPARE(report.firstBad->kind, std::string{"database"});
    }

    void stopsWhenAsked()
    {
        const FilledJournal journal;
        std::stop_source stop;
        stop.request_stop();
        QCOMPARE(verifyJournal(journal.directory(), {}, stop.get_token()).error().code, DeviceCode::Cancelled);
    }

    void tellsHowFarItIs()
    {
        const FilledJournal journal;
        std::vector<std::int64_t> heard;
        require(verifyJournal(journal.directory(), [&](std::int64_t done, std::int64_t total) {
            QCOMPARE(total, kEntries);
            heard.push_back(done);
        }));
        QCOMPARE(heard.back(), kEntries);
    }

    void changesNothing()
    {
        const FilledJournal journal;
        const auto before = contentOf(journal.file());
        static_cast<void>(journal.verify());
        QCOMPARE(contentOf(journal.file()), before);
    }
};

QTEST_GUILESS_MAIN(TestVerifyJournal)
#include "tst_verify_journal.moc"
