#include "core/attestation/key_fingerprint.h"
#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "core/crypto/base64.h"
#include "core/crypto/digest.h"
#include "db/documents/journal_birth_document.h"
#include "db/documents/json_text.h"
#include "db/journal/chain_store.h"
#include "db/journal/journal_proof.h"
#include "db/journal/open_journal.h"
#include "db/qt/values.h"
#include "tests/support/journal_fixture.h"

#include <QTest>

using namespace enroll;
using namespace enroll::test;
using namespace enroll::db::journal;
using namespace enroll::enrollment;

namespace {

// A failed run of device 2, then what device 1 left: run, record, outbox entry, and the event that it was sent.
constexpr std::int64_t kBirth = 1;
constexpr std::int64_t kFailedRun = 2;
constexpr std::int64_t kRecord = 4;
constexpr std::int64_t kOutbox = 5;
constexpr std::int64_t kSent = 6;

class ForgedJournal : public JournalFixture {
public:
    ForgedJournal()
    {
        end(2, Outcome::Fail, DeviceCode::AttestationWrong);
        pass(1);
        require(outbox(kCloud)->markSent(std::vector{kOutbox}));
    }

    [[nodiscard]] QJsonObject documentAt(std::int64_t seq) const
    {
        const auto body = ask("SELECT body FROM chain_entry WHERE seq = ?", {static_cast<qlonglong>(seq)});
        return require(db::documents::parseJsonObject(body.toByteArray()));
    }

    /// Commits the entry with \p changes in its document; \p sql makes the search row say the same.
    void commitWith(std::int64_t seq, const QJsonObject& changes, const QByteArray& sql) const
    {
        auto document = documentAt(seq);
        for (auto member = changes.begin(); member != changes.end(); ++member) {
            document.insert(member.key(), member.value());
        }
        commitOtherwise(directory(), seq, db::documents::canonicalJson(document));
        if (!sql.isEmpty()) {
            tamper(sql.constData());
        }
    }
};

QByteArray hexOfFingerprint(int device)
{
    return QByteArray::fromStdString(
        toHex(require(attestation::keyFingerprint(DeviceFigure{device}.endorsementKey()))));
}

QJsonObject keyOf(int device)
{
    const auto key = DeviceFigure{device}.endorsementKey();
    return {{QStringLiteral("endorsementKey"), db::qt::toQString(crypto::toBase64(key))},
            {QStringLiteral("endorsementKeySha256"), db::qt::toQString(toHex(require(crypto::sha256({key}))))}};
}

QJsonObject one(const char* member, const QJsonValue& value)
{
    return {{QLatin1String(member), value}};
}

} // namespace

class TestConsistencyVerifier : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void findsAnEntryThatContradictsThoseBeforeIt_data();
    void findsAnEntryThatContradictsThoseBeforeIt();
    void aRecordOfARunThatFailedIsAltered();
    void aSecondBirthIsAltered();
    void whatANewerProgramWroteIsNotJudged();
    void aMemberThatIsAbsentContradictsNothing_data();
    void aMemberThatIsAbsentContradictsNothing();
    void aProgramThatSendsRefusesWhatWasAppendedToContradict();
};

void TestConsistencyVerifier::findsAnEntryThatContradictsThoseBeforeIt_data()
{
    QTest::addColumn<qint64>("seq");
    QTest::addColumn<QJsonObject>("changes");
    QTest::addColumn<QByteArray>("sql");
    const auto row = [](const char* name, std::int64_t seq, const QJsonObject& changes, const QByteArray& sql) {
        QTest::newRow(name) << qint64{seq} << changes << sql;
    };
    row("record of no run", kRecord, one("runId", QStringLiteral("none")),
        "UPDATE enrollment_record SET run_id = 'none'");
    row("record of another serial", kRecord, one("serialNumber", QStringLiteral("GX-000009")),
        "UPDATE enrollment_record SET serial_number = 'GX-000009'");
    row("record of another key", kRecord, keyOf(3),
        "UPDATE enrollment_record SET key_fingerprint = x'" + hexOfFingerprint(3) + "'");
    row("queued under another id", kOutbox, one("registrationId", QStringLiteral("other")), {});
    row("queues no record", kOutbox, one("recordSeq", 3), "UPDATE outbox_entry SET record_seq = 3");
    row("queues a later record", kOutbox, one("recordSeq", 9), "UPDATE outbox_entry SET record_seq = 9");
    row("event of another destination", kSent, one("destination", QStringLiteral("plant")), {});
    row("event of another id", kSent, one("registrationId", QStringLiteral("other")), {});
    row("event of no outbox entry", kSent, one("outboxSeq", 4), "UPDATE delivery_event SET outbox_seq = 4");
    row("birth of another journal", kBirth, one("journalId", QStringLiteral("other")), {});
}

void TestConsistencyVerifier::findsAnEntryThatContradictsThoseBeforeIt()
{
    QFETCH(const qint64, seq);
    QFETCH(const QJsonObject, changes);
    QFETCH(const QByteArray, sql);
    const ForgedJournal journal;
    QVERIFY(!journal.verify().firstBad);
    journal.commitWith(seq, changes, sql);
    const auto report = journal.verify();
    QVERIFY(report.firstBad);
    QCOMPARE(report.firstBad->seq, seq);
    const auto reason = QString::fromStdString(report.firstBad->reason);
    QVERIFY2(!reason.contains(QStringLiteral("search row")) && !reason.contains(QStringLiteral("hash")),
             qPrintable(reason));
}

void TestConsistencyVerifier::aRecordOfARunThatFailedIsAltered()
{
    const ForgedJournal journal;
    const auto failed = journal.documentAt(kFailedRun).value(u"runId");
    journal.commitWith(kRecord, one("runId", failed),
                       "UPDATE enrollment_record SET run_id = '" + failed.toString().toUtf8() + "'");
    const auto report = journal.verify();
    QVERIFY(report.firstBad);
    QCOMPARE(report.firstBad->seq, kRecord);
    QVERIFY2(report.firstBad->reason.ends_with("did not pass: 'fail'"), report.firstBad->reason.c_str());
}

void TestConsistencyVerifier::aSecondBirthIsAltered()
{
    const ForgedJournal journal;
    const auto database = require(
        connectTo(journalFile(journal.directory()), db::sqlite::Access::ReadWrite, journal.options().busyTimeout));
    auto transaction = require(db::sqlite::Transaction::begin(*database, db::sqlite::Transaction::Kind::Write));
    auto chain = require(ChainStore::load(*database));
    require(chain.append(kJournalKind, utcNow(), canonicalBytes(db::documents::JournalBirth{"other"})));
    require(transaction.commit());
    const auto report = journal.verify();
    QVERIFY(report.firstBad);
    QCOMPARE(report.firstBad->seq, kSent + 1);
}

void TestConsistencyVerifier::whatANewerProgramWroteIsNotJudged()
{
    const ForgedJournal journal;
    journal.commitWith(kRecord,
                       {{QStringLiteral("schema"), QStringLiteral("enrollment-station/enrollment-record/2")},
                        {QStringLiteral("runId"), QStringLiteral("none")}},
                       "UPDATE enrollment_record SET run_id = 'none'");
    journal.commitWith(kSent,
                       {{QStringLiteral("schema"), QStringLiteral("enrollment-station/delivery-event/2")},
                        {QStringLiteral("destination"), QStringLiteral("everywhere")}},
                       {});
    const auto report = journal.verify();
    QVERIFY2(!report.firstBad, report.firstBad ? report.firstBad->reason.c_str() : "");
    QCOMPARE(report.notUnderstood.count, 2);
}

void TestConsistencyVerifier::aMemberThatIsAbsentContradictsNothing_data()
{
    QTest::addColumn<qint64>("seq");
    QTest::addColumn<QString>("member");
    const auto row = [](const char* name, std::int64_t seq, const char* member) {
        QTest::newRow(name) << qint64{seq} << QString::fromLatin1(member);
    };
    row("birth without a journal id", kBirth, "journalId");
    row("record without a run", kRecord, "runId");
    row("record without a serial number", kRecord, "serialNumber");
    row("outbox entry without a record", kOutbox, "recordSeq");
    row("outbox entry without a registration id", kOutbox, "registrationId");
    row("event without an outbox entry", kSent, "outboxSeq");
    row("event without a destination", kSent, "destination");
    row("event without a registration id", kSent, "registrationId");
}

void TestConsistencyVerifier::aMemberThatIsAbsentContradictsNothing()
{
    QFETCH(const qint64, seq);
    QFETCH(const QString, member);
    const ForgedJournal journal;
    auto document = journal.documentAt(seq);
    QVERIFY(document.contains(member));
    document.remove(member);
    commitOtherwise(journal.directory(), seq, db::documents::canonicalJson(document));
    const auto report = journal.verify();
    QVERIFY2(!report.firstBad, report.firstBad ? report.firstBad->reason.c_str() : "");
    QCOMPARE(report.notUnderstood.count, std::int64_t{1});
}

void TestConsistencyVerifier::aProgramThatSendsRefusesWhatWasAppendedToContradict()
{
    const ForgedJournal journal;
    JournalProof proof{journal.directory()};
    require(proof.renew(kCloud));
    journal.pass(3);
    const auto event = static_cast<std::int64_t>(journal.ask("SELECT max(seq) FROM chain_entry").toLongLong());
    journal.commitWith(event, one("registrationId", QStringLiteral("other")), {});
    const auto refused = proof.renew(kCloud);
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, StationCode::JournalAltered);
}

QTEST_GUILESS_MAIN(TestConsistencyVerifier)
#include "tst_consistency_verifier.moc"
