#include "core/base/hold_code.h"
#include "core/base/station_code.h"
#include "db/journal/chain_records.h"
#include "db/journal/open_journal.h"
#include "tests/support/journal_fixture.h"
#include "tests/support/must.h"

#include <QTest>

#include <algorithm>
#include <cctype>

using namespace enroll;
using namespace enroll::test;
using namespace enroll::db::journal;
using namespace enroll::enrollment;

namespace {

/// What a commit of a passing run of device 2 says; its record was changed by \p change.
template <class Change>
Result<CommitResult> commitSecond(SqliteJournal& journal, Change change)
{
    auto run = DeviceFigure{2}.passingRun();
    auto record = DeviceFigure{2}.recordOf(run);
    change(run, record);
    return journal.commit(run, record);
}

Result<CommitResult> commitSerialOfFirst(SqliteJournal& journal)
{
    return commitSecond(journal, [](AttestationRun& run, EnrollmentRecord& record) {
        run.serialNumber = record.serialNumber = DeviceFigure{1}.serial();
    });
}

} // namespace

class TestChainRecords : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void findsWhatSearchRowsHide_data()
    {
        QTest::addColumn<QByteArray>("sql");
        QTest::newRow("another serial") << QByteArray{"UPDATE enrollment_record SET serial_number = 'GX-999999'"};
        QTest::newRow("another key") << QByteArray{"UPDATE enrollment_record SET key_fingerprint = x'00'"};
        QTest::newRow("another id") << QByteArray{"UPDATE enrollment_record SET registration_id = 'other'"};
        QTest::newRow("no row") << QByteArray{"DELETE FROM enrollment_record"};
    }

    void findsWhatSearchRowsHide()
    {
        QFETCH(const QByteArray, sql);
        const JournalFixture fixture;
        fixture.pass(1);
        const auto journal = fixture.open(); // before: rows that are gone stop the opening
        fixture.tamper(sql.constData());

        const auto serial = commitSerialOfFirst(*journal);
        QVERIFY(!serial.ok());
        QCOMPARE(serial.error().code, StationCode::JournalAltered);
        const auto key = DeviceFigure{1}.endorsementKey();
        QCOMPARE(journal->findByEk(key).error().code, StationCode::JournalAltered);
        QCOMPARE(journal->findBySerial(DeviceFigure{1}.serial()).error().code, StationCode::JournalAltered);
        const auto id = commitSecond(*journal, [](const AttestationRun&, EnrollmentRecord& record) {
            record.registrationId = DeviceFigure{1}.registrationId();
        });
        QVERIFY(!id.ok());
        QCOMPARE(fixture.ask("SELECT count(*) FROM chain_entry WHERE kind = 'enrollment-record'").toInt(), 1);
    }

    void aRowThatNamesAnotherDeviceIsNoDuplicate()
    {
        const JournalFixture fixture;
        fixture.pass(1);
        fixture.tamper("UPDATE enrollment_record SET serial_number = 'GX-000002'");
        QCOMPARE(fixture.open()->findBySerial(SerialNumber{"GX-000002"}).error().code, StationCode::JournalAltered);
    }

    /// TPM2_Clear gave the device another storage root key, which its retest showed.
    void aRetestTellsWhoseAKeyIs()
    {
        const JournalFixture fixture;
        fixture.pass(1);
        const auto journal = fixture.open();
        auto retest = DeviceFigure{1}.passingRun();
        retest.storageRootKey = DeviceFigure{2}.passingRun().storageRootKey;
        require(journal->commit(retest, DeviceFigure{1}.recordOf(retest)));
        const auto later = fixture.open();
        for (auto* reader : {later.get(), journal.get()}) {
            const auto found = require(reader->findByStorageRootKey(retest.storageRootKey->name));
            QVERIFY(found.has_value());
            QVERIFY(found->serialNumber == DeviceFigure{1}.serial());
        }
        QCOMPARE(require(commitSecond(*journal, [](AttestationRun&, EnrollmentRecord&) {})).conflict.kind,
                 DuplicateCheck::Kind::TpmElsewhere);
    }

    void aFailedTestTellsNothing()
    {
        const JournalFixture fixture;
        fixture.pass(1);
        auto failed = DeviceFigure{1}.runEndedAs(Outcome::Hold, HoldCode::EkEnrolledElsewhere);
        failed.storageRootKey = DeviceFigure{2}.passingRun().storageRootKey;
        require(fixture.open()->commit(failed, std::nullopt));
        QVERIFY(!require(fixture.open()->findByStorageRootKey(failed.storageRootKey->name)));
    }

    void aKeyThatANewerProgramDescribesMoreFullyIsFound()
    {
        const JournalFixture fixture;
        const auto run = fixture.pass(1);
        constexpr auto kRunEntry = 2;
        auto body = fixture.ask("SELECT body FROM chain_entry WHERE seq = ?", {kRunEntry}).toByteArray();
        QVERIFY(body.contains("\"storageRootKey\":{"));
        body.replace("\"storageRootKey\":{", "\"storageRootKey\":{\"algorithm\":\"ecc\",");
        commitOtherwise(fixture.directory(), kRunEntry, body);
        QVERIFY(require(fixture.open()->findByStorageRootKey(run.storageRootKey->name)).has_value());
    }

    void aTextThatLooksLikeAKeyIsNone()
    {
        const JournalFixture fixture;
        auto run = DeviceFigure{1}.passingRun();
        run.operatorId = OperatorId{"\"storageRootKey\":{\"name\":\"000b0b"};
        require(fixture.open()->commit(run, DeviceFigure{1}.recordOf(run)));
        QVERIFY(!require(fixture.open()->findByStorageRootKey(must(fromHex("000b0b")))));
        QVERIFY(require(fixture.open()->findByStorageRootKey(run.storageRootKey->name)).has_value());
    }

    void seesWhatOtherProgramsAppended()
    {
        const JournalFixture fixture;
        const auto journal = fixture.open();
        QVERIFY(!require(journal->findBySerial(DeviceFigure{1}.serial())));
        fixture.pass(1);
        QVERIFY(require(journal->findBySerial(DeviceFigure{1}.serial())));
        QCOMPARE(require(commitSerialOfFirst(*journal)).conflict.kind, DuplicateCheck::Kind::SerialHasOtherEk);
    }

    void aRecordThatIsTakenOutOfTheChainIsNoticed_data()
    {
        QTest::addColumn<QByteArray>("sql");
        QTest::newRow("another kind") << QByteArray{"UPDATE chain_entry SET kind = 'note' WHERE seq = 3"};
        QTest::newRow("other bytes") << QByteArray{"UPDATE chain_entry SET body = x'7b7d' WHERE seq = 3"};
        QTest::newRow("no blob") << QByteArray{"UPDATE chain_entry SET at = '' WHERE seq = 3"};
        QTest::newRow("gone") << QByteArray{"DELETE FROM chain_entry WHERE seq = 3"};
    }

    void aRecordThatIsTakenOutOfTheChainIsNoticed()
    {
        QFETCH(const QByteArray, sql);
        const JournalFixture fixture;
        fixture.pass(1);
        fixture.pass(2);
        const auto journal = fixture.open();
        fixture.tamper("DELETE FROM enrollment_record WHERE seq = 3");
        fixture.tamper(sql.constData());

        const auto result = commitSerialOfFirst(*journal);
        QVERIFY(!result.ok());
        QCOMPARE(result.error().code, StationCode::JournalAltered);
    }

    /// Each run of the desktop opens the journal anew, with the records that were read before.
    void remembersOverOpenings()
    {
        const JournalFixture fixture;
        fixture.pass(1);
        const auto records = std::make_shared<ChainRecords>();
        QVERIFY(
            require(require(SqliteJournal::open(fixture.options(), records))->findBySerial(DeviceFigure{1}.serial())));
        fixture.pass(3);
        const auto journal = require(SqliteJournal::open(fixture.options(), records));
        QVERIFY(require(journal->findBySerial(DeviceFigure{3}.serial())));
        QVERIFY(!require(journal->findBySerial(DeviceFigure{2}.serial())));
        QCOMPARE(records->bySerial(DeviceFigure{1}.serial()), std::optional<std::int64_t>{3});
    }

    void aJournalThatTookThePlaceOfAnotherIsRefused()
    {
        const JournalFixture fixture;
        const JournalFixture other;
        fixture.pass(1);
        other.pass(2);
        const auto records = std::make_shared<ChainRecords>();
        const auto& serial = DeviceFigure{1}.serial();
        QVERIFY(require(require(SqliteJournal::open(fixture.options(), records))->findBySerial(serial)));

        const auto replaced = require(SqliteJournal::open(other.options(), records))->findBySerial(serial);
        QVERIFY(!replaced.ok());
        QCOMPARE(replaced.error().code, StationCode::JournalAltered);
    }

    void idsAreOneWhateverTheirLetterCase()
    {
        const JournalFixture fixture;
        fixture.pass(1);
        ChainRecords records;
        const auto database = require(openForReading(fixture.directory()));
        require(records.readOn(*database));
        auto id = DeviceFigure{1}.registrationId().text();
        std::ranges::transform(id, id.begin(), [](char letter) { return static_cast<char>(std::toupper(letter)); });
        QCOMPARE(records.byRegistration(RegistrationId{id}), std::optional<std::int64_t>{3});
    }
};

QTEST_GUILESS_MAIN(TestChainRecords)
#include "tst_chain_records.moc"
