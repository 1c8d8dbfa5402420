#include "core/base/station_code.h"
#include "db/journal/chain_store.h"
#include "db/journal/open_journal.h"
#include "db/journal/stored_entry.h"
#include "tests/support/journal_fixture.h"

#include <QTest>

using namespace enroll;
using namespace enroll::test;
using namespace enroll::db;
using namespace enroll::db::journal;

namespace {

// seq of the entries of a journal with one passing run: its birth, the run, its record, the record's outbox entry
constexpr std::int64_t kRun = 2;
constexpr std::int64_t kRecord = 3;
constexpr std::int64_t kOutboxEntry = 4;

class JournalOfOneDevice : public JournalFixture {
public:
    JournalOfOneDevice() { pass(1); }

    [[nodiscard]] auto read() const { return require(openForReading(directory())); }
};

QByteArray bodyOf(const JournalFixture& journal)
{
    return journal.ask("SELECT body FROM chain_entry WHERE seq = ?", {qlonglong{kRecord}}).toByteArray();
}

template <class T>
ErrorCode codeOf(const Result<T>& result)
{
    return result.ok() ? ErrorCode{StationCode::InternalFault} : result.error().code;
}

bool says(const Error& error, const char* words)
{
    return error.what.find(words) != std::string::npos;
}

} // namespace

class tst_stored_entry : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void anEntryIsGivenAsItWasAppended()
    {
        const JournalOfOneDevice journal;
        const auto database = journal.read();
        const auto proven = require(provenEntry(*database, kRun));
        QCOMPARE(proven.kind, std::string{kRunKind});
        QCOMPARE(require(provenEntry(*database, kRecord, kRecordKind)).previousHash,
                 require(provenEntry(*database, kRun, kRunKind)).hash);
        const auto stored = require(storedEntry(*database, kRecord, kRecordKind));
        QCOMPARE(stored.id, DeviceFigure{1}.registrationId().text());
        QCOMPARE(schemaOf(stored), std::string{"enrollment-station/enrollment-record/1"});
        QCOMPARE(require(storedRecord(*database, kRecord)).registrationId, DeviceFigure{1}.registrationId());
        QVERIFY(std::holds_alternative<enrollment::EnrollmentRecord>(require(recordToPassOn(*database, kRecord))));
    }

    void anEntryThatIsNotThereOrOfAnotherKindIsRefused()
    {
        const JournalOfOneDevice journal;
        const auto database = journal.read();
        for (const auto seq : {std::int64_t{0}, std::int64_t{-1}, kOutboxEntry + 1}) {
            QCOMPARE(codeOf(provenEntry(*database, seq)), StationCode::JournalAltered);
        }
        const auto other = provenEntry(*database, kRun, kRecordKind);
        QCOMPARE(codeOf(other), StationCode::JournalAltered);
        QVERIFY2(says(other.error(), "enrollment-record belongs"), other.error().what.c_str());
        QCOMPARE(codeOf(storedRecord(*database, kOutboxEntry)), StationCode::JournalAltered);
    }

    void anAlteredEntryIsRefused_data()
    {
        QTest::addColumn<QString>("change");
        QTest::addColumn<QString>("said");
        QTest::newRow("bytes") << "UPDATE chain_entry SET body = zeroblob(8) WHERE seq = 3"
                               << "hash does not match";
        QTest::newRow("time") << "UPDATE chain_entry SET at = '2026-01-01T00:00:00.000Z' WHERE seq = 3"
                              << "hash does not match";
        QTest::newRow("hash held behind it") << "UPDATE chain_entry SET prev_hash = zeroblob(32) WHERE seq = 4"
                                             << "the chain holds another";
        QTest::newRow("search row") << "UPDATE enrollment_record SET registration_id = 'other' WHERE seq = 3"
                                    << "";
        QTest::newRow("no search row") << "DELETE FROM enrollment_record WHERE seq = 3"
                                       << "";
    }
    void anAlteredEntryIsRefused()
    {
        QFETCH(const QString, change);
        QFETCH(const QString, said);
        const JournalOfOneDevice journal;
        QCOMPARE(journal.tamper(change.toLatin1().constData()), 1);
        const auto database = journal.read();
        const auto stored = storedEntry(*database, kRecord, kRecordKind);
        QCOMPARE(codeOf(stored), StationCode::JournalAltered);
        QVERIFY2(says(stored.error(), said.toLatin1().constData()), stored.error().what.c_str());
        QCOMPARE(codeOf(recordToPassOn(*database, kRecord)), StationCode::JournalAltered);
    }

    /// A duplicate is one, whichever program enrolled it; but nothing is sent that is not understood as a whole.
    void aRecordOfANewerVersionCountsAsFarAsItIsRead()
    {
        const JournalOfOneDevice journal;
        commitOtherwise(journal.directory(), kRecord,
                        bodyOf(journal).replace("enrollment-record/1", "enrollment-record/9"));
        const auto database = journal.read();
        QCOMPARE(require(storedRecord(*database, kRecord)).registrationId, DeviceFigure{1}.registrationId());
        const auto passedOn = require(recordToPassOn(*database, kRecord));
        QVERIFY(std::holds_alternative<documents::RecordNotUnderstood>(passedOn));
        const auto& why = std::get<documents::RecordNotUnderstood>(passedOn);
        QCOMPARE(why.schema, std::string{"enrollment-station/enrollment-record/9"});
        QCOMPARE(why.registrationId, DeviceFigure{1}.registrationId());
    }

    void aRecordThatCannotBeReadIsOfANewerProgram_data()
    {
        QTest::addColumn<QByteArray>("version");
        for (const auto* version : {"1", "9"}) {
            QTest::newRow(version) << QByteArray{version};
        }
    }
    void aRecordThatCannotBeReadIsOfANewerProgram()
    {
        QFETCH(const QByteArray, version);
        const JournalOfOneDevice journal;
        commitOtherwise(journal.directory(), kRecord,
                        bodyOf(journal)
                            .replace("enrollment-record/1", "enrollment-record/" + version)
                            .replace("\"endorsementKeySha256\"", "\"endorsementKeySha3\""));
        const auto database = journal.read();
        const auto record = storedRecord(*database, kRecord);
        QCOMPARE(codeOf(record), StationCode::JournalNewer);
        QVERIFY2(says(record.error(), "entry 3"), record.error().what.c_str());
        QVERIFY2(says(record.error(), "endorsementKeySha256"), record.error().what.c_str());
        // Whoever enrolls the device again, or its serial on another one, must be told before anything is decided.
        const auto opened = journal.open();
        QCOMPARE(codeOf(opened->findByEk(DeviceFigure{1}.endorsementKey())), StationCode::JournalNewer);
        QCOMPARE(codeOf(opened->findBySerial(DeviceFigure{1}.serial())), StationCode::JournalNewer);
        QVERIFY(require(opened->findBySerial(DeviceFigure{2}.serial())) == std::nullopt);
    }

    void theLastEntryIsProvenByTheEndOfTheChain()
    {
        const JournalOfOneDevice journal;
        QCOMPARE(journal.tamper("UPDATE chain_head SET hash = zeroblob(32)"), 1);
        const auto database = journal.read();
        QCOMPARE(codeOf(provenEntry(*database, kOutboxEntry)), StationCode::JournalAltered);
        QVERIFY(provenEntry(*database, kRecord).ok());
    }

    void bytesThatAreNoDocumentHaveNoSchema()
    {
        QCOMPARE(schemaOf({{}, {}, QJsonObject{}}), std::string{});
        QCOMPARE(schemaOf({{}, {}, QJsonObject{{QStringLiteral("schema"), 1}}}), std::string{});
        QCOMPARE(schemaOf({{}, {}, makeError(StationCode::DocumentMalformed, "no object")}), std::string{});
    }
};

QTEST_GUILESS_MAIN(tst_stored_entry)
#include "tst_stored_entry.moc"
