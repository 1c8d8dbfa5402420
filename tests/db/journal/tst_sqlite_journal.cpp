#include "core/attestation/public_area.h"
#include "core/base/device_code.h"
#include "core/base/hold_code.h"
#include "core/base/station_code.h"
#include "core/system/write_signals.h"
#include "db/journal/open_journal.h"
#include "db/sqlite/connection.h"
#include "tests/support/full_disk.h"
#include "tests/support/journal_fixture.h"

#include <QFile>
#include <QTest>

#include <sys/stat.h>

using namespace enroll;
using namespace enroll::test;
using namespace enroll::db::journal;
using namespace enroll::enrollment;

namespace {

mode_t modeOf(const std::filesystem::path& file)
{
    struct stat status {};
    return ::stat(file.c_str(), &status) == 0 ? status.st_mode & 0777U : 0U;
}

} // namespace

class TestSqliteJournal : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void storesRunRecordAndOutboxEntriesTogether()
    {
        const JournalFixture fixture{{kCloud, kPlant}};
        const DeviceFigure device{1};
        const auto run = device.passingRun();

        const auto result = require(fixture.open()->commit(run, device.recordOf(run)));

        QCOMPARE(result.kind, CommitResult::Kind::Committed);
        QCOMPARE(fixture.ask("SELECT count(*) FROM run").toInt(), 1);
        QCOMPARE(fixture.ask("SELECT count(*) FROM enrollment_record").toInt(), 1);
        QCOMPARE(fixture.ask("SELECT count(*) FROM outbox_entry WHERE state = 'queued'").toInt(), 2);
        QCOMPARE(fixture.ask("SELECT count(*) FROM chain_entry").toInt(), 5);
    }

    void findsTheRecordByKeyAndBySerialAfterReopening()
    {
        const JournalFixture fixture;
        const DeviceFigure device{183};
        const auto run = fixture.pass(183);

        const auto journal = fixture.open();
        QVERIFY(require(journal->findByEk(device.endorsementKey())) == device.recordOf(run));
        QVERIFY(require(journal->findBySerial(device.serial())) == device.recordOf(run));
        QVERIFY(!require(journal->findBySerial(SerialNumber{"GX-000184"})));
        QVERIFY(!require(journal->findByEk(DeviceFigure{184}.endorsementKey())));
    }

    void comparesSerialNumbersExactly()
    {
        const JournalFixture fixture;
        fixture.pass(183);
        QVERIFY(!require(fixture.open()->findBySerial(SerialNumber{"gx-000183"})));
    }

    void keepsRunsThatMadeNoRecord()
    {
        const JournalFixture fixture;
        fixture.end(1, Outcome::Fail, DeviceCode::AttestationWrong);
        fixture.end(1, Outcome::StationFault, StationCode::CryptoFailed);

        QCOMPARE(fixture.ask("SELECT count(*) FROM run").toInt(), 2);
        QCOMPARE(fixture.ask("SELECT count(*) FROM enrollment_record").toInt(), 0);
        QVERIFY(!require(fixture.open()->findBySerial(DeviceFigure{1}.serial())));
    }

    void knowsWhenTheLatestRunBegan()
    {
        const JournalFixture fixture;
        QVERIFY(!require(fixture.open()->latestRunStart()));
        auto later = DeviceFigure{1}.passingRun();
        later.startedAt = fromIso8601("2026-11-25T08:00:00.007Z").value();
        auto earlier = DeviceFigure{2}.passingRun();
        earlier.startedAt = fromIso8601("2026-11-24T08:00:00Z").value();
        for (const auto& run : {later, earlier}) {
            require(fixture.open()->commit(run, std::nullopt));
        }
        QCOMPARE(require(fixture.open()->latestRunStart()), std::optional{later.startedAt});
    }

    void takesTheSameDeviceAgainAsARetest()
    {
        const JournalFixture fixture;
        const auto first = fixture.pass(1);
        const DeviceFigure device{1};
        const auto again = device.passingRun();

        const auto result = require(fixture.open()->commit(again, device.recordOf(again)));

        QCOMPARE(result.kind, CommitResult::Kind::Retest);
        QCOMPARE(fixture.ask("SELECT count(*) FROM run").toInt(), 2);
        QCOMPARE(fixture.ask("SELECT count(*) FROM outbox_entry").toInt(), 1);
        QVERIFY(require(fixture.open()->findBySerial(device.serial()))->runId == first.runId);
    }

    void saysHowFarARecordHasCome()
    {
        const JournalFixture fixture{{kCloud, kPlant}};
        const auto record = DeviceFigure{1}.recordOf(fixture.pass(1));
        const auto journal = fixture.open();
        const auto state = require(journal->stateOf(record));
        QVERIFY(state.registrationId == record.registrationId);
        QCOMPARE(state.state, RecordState::Queued);
        QCOMPARE(state.destinations.size(), 2U);

        fixture.tamper("UPDATE outbox_entry SET state = 'accepted'");
        const auto forged = journal->stateOf(record);
        QVERIFY(!forged.ok());
        QCOMPARE(forged.error().code, StationCode::JournalAltered);
        const auto unknown = journal->stateOf(DeviceFigure{2}.recordOf(DeviceFigure{2}.passingRun()));
        QVERIFY(!unknown.ok());
        QCOMPARE(unknown.error().code, StationCode::JournalAltered);
    }

    void refusesAKeyThatIsEnrolledUnderAnotherSerial()
    {
        const JournalFixture fixture;
        const auto first = fixture.pass(1);
        auto run = DeviceFigure{1}.passingRun();
        auto record = DeviceFigure{1}.recordOf(run);
        run.serialNumber = record.serialNumber = SerialNumber{"GX-000999"};

        const auto result = require(fixture.open()->commit(run, record));

        QCOMPARE(result.kind, CommitResult::Kind::Conflict);
        QCOMPARE(result.conflict.kind, DuplicateCheck::Kind::EkElsewhere);
        QVERIFY(result.conflict.existing->serialNumber == first.serialNumber);
        QCOMPARE(fixture.ask("SELECT count(*) FROM run").toInt(), 1);
    }

    void findsTheRecordOfAKeyWhereverTheKeyWasRead()
    {
        const JournalFixture fixture;
        const auto first = fixture.pass(1);
        const auto keyOf = [](int number) {
            return require(
                attestation::publicKeyOf(require(attestation::parsePublic(DeviceFigure{number}.endorsementKey()))));
        };
        const auto journal = fixture.open();
        QVERIFY(require(journal->findByKey(keyOf(1)))->serialNumber == first.serialNumber);
        QVERIFY(!require(journal->findByKey(keyOf(2))));
    }

    void refusesASerialThatIsEnrolledWithAnotherKey()
    {
        const JournalFixture fixture;
        fixture.pass(1);
        auto run = DeviceFigure{2}.passingRun();
        auto record = DeviceFigure{2}.recordOf(run);
        run.serialNumber = record.serialNumber = DeviceFigure{1}.serial();

        const auto result = require(fixture.open()->commit(run, record));

        QCOMPARE(result.kind, CommitResult::Kind::Conflict);
        QCOMPARE(result.conflict.kind, DuplicateCheck::Kind::SerialHasOtherEk);
        QCOMPARE(fixture.ask("SELECT count(*) FROM chain_entry").toInt(), 4);
    }

    void refusesARegistrationIdThatDiffersInLetterCaseAlone()
    {
        const JournalFixture fixture;
        const DeviceFigure device{1};
        const auto run = device.passingRun();
        auto record = device.recordOf(run);
        record.registrationId = RegistrationId{"gx-000001"};
        require(fixture.open()->commit(run, record));

        const DeviceFigure other{2};
        const auto otherRun = other.passingRun();
        auto otherRecord = other.recordOf(otherRun);
        otherRecord.registrationId = RegistrationId{"GX-000001"};
        const auto result = require(fixture.open()->commit(otherRun, otherRecord));

        QCOMPARE(result.kind, CommitResult::Kind::Conflict);
        QCOMPARE(result.conflict.kind, DuplicateCheck::Kind::RegistrationIdTaken);
        QVERIFY(result.conflict.existing->serialNumber == device.serial());
        QVERIFY(require(fixture.open()->findByRegistration(RegistrationId{"GX-000001"})).has_value());
    }

    void refusesAnotherKeyOfATpmThatIsEnrolled()
    {
        const JournalFixture fixture;
        const auto first = fixture.pass(1);
        auto run = DeviceFigure{2}.passingRun();
        run.storageRootKey = first.storageRootKey;
        const auto journal = fixture.open();
        const auto result = require(journal->commit(run, DeviceFigure{2}.recordOf(run)));
        QCOMPARE(result.kind, CommitResult::Kind::Conflict);
        QCOMPARE(result.conflict.kind, DuplicateCheck::Kind::TpmElsewhere);
        QVERIFY(result.conflict.existing->serialNumber == first.serialNumber);
        QVERIFY(require(journal->findByStorageRootKey(first.storageRootKey->name)).has_value());
        QVERIFY(!require(journal->findByStorageRootKey(DeviceFigure{2}.passingRun().storageRootKey->name)));
    }

    void aRunWithoutARecordEnrollsNoTpm()
    {
        const JournalFixture fixture;
        const auto held = fixture.end(1, Outcome::Hold, HoldCode::EkEnrolledElsewhere);
        QVERIFY(held.storageRootKey.has_value());
        QVERIFY(!require(fixture.open()->findByStorageRootKey(held.storageRootKey->name)));
        auto withoutKey = DeviceFigure{2}.passingRun();
        withoutKey.storageRootKey.reset();
        require(fixture.open()->commit(withoutKey, DeviceFigure{2}.recordOf(withoutKey)));
        QVERIFY(!require(fixture.open()->findByStorageRootKey(held.storageRootKey->name))); // that of the run before
    }

    /// A twin's numbers can be written in several ways: a retest must not be held for the way.
    void whatWasStoredIsWhatItWouldStoreAgain()
    {
        const JournalFixture fixture;
        const DeviceFigure device{1};
        const auto run = device.passingRun();
        auto record = device.recordOf(run);
        record.settings.twinJson =
            R"({"tags":{"a":1e+05,"b":0.1,"c":100000,"d":"\u00e9 \"/\"","e":[1e-7,{}],"f":1.0}})";
        const auto journal = fixture.open();
        require(journal->commit(run, record));
        const auto found = require(journal->findByRegistration(record.registrationId));
        QVERIFY(found.has_value());
        QVERIFY(*found != record);
        QVERIFY(*found == require(journal->asStored(record)));
        QVERIFY(*found == require(journal->asStored(*found)));
        QVERIFY(!require(journal->findByRegistration(RegistrationId{"nobody"})));
    }

    void storesAConflictedRunAgainAsAHold()
    {
        const JournalFixture fixture;
        fixture.pass(1);
        auto hold = DeviceFigure{1}.runEndedAs(Outcome::Hold, HoldCode::EkEnrolledElsewhere);
        hold.serialNumber = SerialNumber{"GX-000999"};

        QCOMPARE(require(fixture.open()->commit(hold, std::nullopt)).kind, CommitResult::Kind::Committed);
        QVERIFY(!fixture.verify().firstBad);
    }

    void refusesARecordWhoseDigestIsNotItsKeys()
    {
        const JournalFixture fixture;
        const DeviceFigure device{1};
        const auto run = device.passingRun();
        auto record = device.recordOf(run);
        record.endorsementKeyDigest.back() ^= std::byte{1};

        QCOMPARE(fixture.open()->commit(run, record).error().code, StationCode::InternalFault);
        QCOMPARE(fixture.ask("SELECT count(*) FROM run").toInt(), 0);
    }

    void refusesARecordOfARunThatDidNotPass()
    {
        const JournalFixture fixture;
        const DeviceFigure device{1};
        const auto run = device.runEndedAs(Outcome::Hold, DeviceCode::EkCertificateMissing);

        QCOMPARE(fixture.open()->commit(run, device.recordOf(run)).error().code, StationCode::InternalFault);
    }

    void refusesToStoreARunTwice()
    {
        const JournalFixture fixture;
        const auto run = fixture.end(1, Outcome::Fail, DeviceCode::AttestationWrong);

        QCOMPARE(fixture.open()->commit(run, std::nullopt).error().code, StationCode::JournalCannotSave);
        QVERIFY(!fixture.verify().firstBad);
    }

    void keepsItsFilesPrivate()
    {
        const JournalFixture fixture;
        const auto journal = fixture.open();
        fixture.pass(1);

        const auto file = journalFile(fixture.directory());
        QCOMPARE(modeOf(fixture.directory()), mode_t{0700});
        QCOMPARE(modeOf(file), mode_t{0600});
        QCOMPARE(modeOf(file.string() + "-wal"), mode_t{0600});
    }

    void syncsEveryCommitToDisk()
    {
        const JournalFixture fixture;
        static_cast<void>(fixture.open());
        QCOMPARE(fixture.ask("PRAGMA synchronous").toInt(), 2); // FULL
        QCOMPARE(fixture.ask("PRAGMA journal_mode").toString(), QStringLiteral("wal"));
        QCOMPARE(fixture.ask("PRAGMA foreign_keys").toInt(), 1);
    }

    void giveUpWhenAnotherWriterHoldsTheJournalPastTheTimeOut()
    {
        const JournalFixture fixture;
        auto options = fixture.options();
        options.busyTimeout = std::chrono::milliseconds{50};
        const auto journal = require(SqliteJournal::open(options));
        const auto other =
            require(connectTo(journalFile(fixture.directory()), db::sqlite::Access::ReadWrite, options.busyTimeout));
        {
            const auto held = require(db::sqlite::Transaction::begin(*other, db::sqlite::Transaction::Kind::Write));
            const auto result = journal->commit(DeviceFigure{1}.passingRun(), std::nullopt);
            QCOMPARE(result.error().code, StationCode::JournalBusy);
        }
        QVERIFY(journal->commit(DeviceFigure{1}.passingRun(), std::nullopt).ok());
        QCOMPARE(fixture.ask("SELECT count(*) FROM run").toInt(), 1);
    }

    void readsWhileAnotherWriterHoldsTheJournal()
    {
        const JournalFixture fixture;
        fixture.pass(1);
        const auto journal = fixture.open();
        const auto other = require(
            connectTo(journalFile(fixture.directory()), db::sqlite::Access::ReadWrite, std::chrono::seconds{1}));
        const auto held = require(db::sqlite::Transaction::begin(*other, db::sqlite::Transaction::Kind::Write));
        QVERIFY(require(journal->findBySerial(DeviceFigure{1}.serial())));
    }

    void storesNothingOnAFullDiskAndGoesOnWhenThereIsRoom()
    {
        const JournalFixture fixture;
        fixture.pass(1);
        const auto journal = fixture.open();
        {
            system::ignoreSignalsOfWrites();
            const FullDisk full{8192};
            const DeviceFigure device{2};
            const auto run = device.passingRun();
            QCOMPARE(journal->commit(run, device.recordOf(run)).error().code, StationCode::JournalCannotSave);
        }
        QVERIFY(!require(journal->findBySerial(DeviceFigure{2}.serial())));
        fixture.pass(2);
        const auto report = fixture.verify();
        QVERIFY(!report.firstBad);
        QCOMPARE(report.entries, 7);
    }

    void cannotBeMadeWhereAFileIsInTheWay()
    {
        const JournalFixture fixture;
        QFile file{QString::fromStdString(fixture.directory().string())};
        QVERIFY(file.open(QIODevice::WriteOnly));

        QCOMPARE(SqliteJournal::open(fixture.options()).error().code, StationCode::JournalCannotSave);
    }

    void refusesAFileThatIsNoDatabase()
    {
        const JournalFixture fixture;
        std::filesystem::create_directories(fixture.directory());
        QFile file{QString::fromStdString(journalFile(fixture.directory()).string())};
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray(4096, 'x'));
        file.close();

        QCOMPARE(SqliteJournal::open(fixture.options()).error().code, StationCode::JournalAltered);
    }

    void finishesAnOpeningThatWasInterrupted()
    {
        const JournalFixture fixture;
        std::filesystem::create_directories(fixture.directory());
        QFile file{QString::fromStdString(journalFile(fixture.directory()).string())};
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.close();

        fixture.pass(1);
        QVERIFY(!fixture.verify().firstBad);
    }

    void refusesASchemaNewerThanItKnows()
    {
        const JournalFixture fixture;
        static_cast<void>(fixture.open());
        static_cast<void>(fixture.ask("CREATE TABLE later(text TEXT)"));
        fixture.tamper("UPDATE meta SET value = value + 1 WHERE key = 'schema_version'");

        QCOMPARE(SqliteJournal::open(fixture.options()).error().code, StationCode::JournalNewer);
        QCOMPARE(SqliteOutbox::open(fixture.options(), kCloud).error().code, StationCode::JournalNewer);
        QCOMPARE(verifyJournal(fixture.directory()).error().code, StationCode::JournalNewer);
    }

    void aLockThatCannotBeMadeIsTheJournalsFault()
    {
        const JournalFixture fixture;
        static_cast<void>(fixture.open());
        const auto lock = fixture.directory() / "journal.lock";
        std::filesystem::remove(lock);
        std::filesystem::create_directory(lock);
        const auto opened = SqliteJournal::open(fixture.options());
        QVERIFY(!opened.ok());
        QCOMPARE(opened.error().code, StationCode::JournalCannotSave);
    }

    void refusesAFileThatCannotHaveALog()
    {
        const auto opened = connectTo(":memory:", db::sqlite::Access::ReadWrite, std::chrono::seconds{1});
        QVERIFY(!opened.ok());
        QCOMPARE(opened.error().code, StationCode::JournalCannotSave);
    }

    void neverChangesNorDeletesAChainEntry()
    {
        const JournalFixture fixture;
        fixture.pass(1);
        const auto database = require(
            connectTo(journalFile(fixture.directory()), db::sqlite::Access::ReadWrite, std::chrono::seconds{1}));
        QVERIFY(!database->execute("UPDATE chain_entry SET at = '' WHERE seq = 2").ok());
        QVERIFY(!database->execute("DELETE FROM chain_entry WHERE seq = 4").ok());
        QVERIFY(!database->execute("UPDATE enrollment_record SET serial_number = 'X'").ok());
    }

    void stampsEntriesWithTheClockGiven()
    {
        const JournalFixture fixture;
        auto options = fixture.options();
        options.now = [] { return fromIso8601("2030-01-02T03:04:05.006Z").value(); };
        require(require(SqliteJournal::open(options))->commit(DeviceFigure{1}.passingRun(), std::nullopt));
        QCOMPARE(fixture.ask("SELECT at FROM chain_entry WHERE kind = 'run'").toString(),
                 QStringLiteral("2030-01-02T03:04:05.006Z"));
    }
};

QTEST_GUILESS_MAIN(TestSqliteJournal)
#include "tst_sqlite_journal.moc"
