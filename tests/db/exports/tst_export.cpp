#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "db/documents/individual_enrollment_document.h"
#include "db/documents/run_document.h"
#include "db/exports/export.h"
#include "db/journal/set_aside.h"
#include "tests/support/journal_fixture.h"

#include <QBuffer>
#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

#include <array>
#include <filesystem>
#include <fstream>
#include <sys/stat.h>

using namespace enroll;
using namespace enroll::test;
using namespace enroll::enrollment;
using namespace enroll::db::exports;

namespace {

using Exporter = Result<ExportReport> (*)(const std::filesystem::path&, const ExportFilter&, QIODevice&);

QByteArray exported(Exporter exporter, const JournalFixture& fixture, const ExportFilter& filter = {})
{
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    require(exporter(fixture.directory(), filter, buffer));
    return buffer.data();
}

QByteArrayList linesOf(const QByteArray& text)
{
    return text.trimmed().split('\n');
}

QByteArray contentOf(const QString& name)
{
    QFile file{name};
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray{};
}

} // namespace

class TestExport : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void writesRecordsInCallsOfAtMostTen()
    {
        const JournalFixture fixture;
        for (int device = 1; device <= 23; ++device) {
            fixture.pass(device);
        }
        const auto calls = QJsonDocument::fromJson(exported(exportDpsBulk, fixture)).array();

        QCOMPARE(calls.size(), 3);
        int device = 0;
        for (const auto& call : calls) {
            const auto operation = require(db::documents::bulkOperationFromJson(call.toObject()));
            QCOMPARE(operation.mode, provisioning::BulkMode::Create);
            for (const auto& enrollment : operation.enrollments) {
                QVERIFY(enrollment.registrationId == DeviceFigure{++device}.registrationId());
            }
        }
        QCOMPARE(device, 23);
        QCOMPARE(calls[2].toObject()[u"enrollments"].toArray().size(), 3);
    }

    void writesNothingOfWhatWasAltered_data()
    {
        QTest::addColumn<ExportFormat>("format");
        QTest::addColumn<QByteArray>("sql");
        QTest::addColumn<QByteArray>("named");
        const QByteArray record{"UPDATE chain_entry SET body = CAST(replace(body, 'GX-000002', 'GX-000009') AS BLOB)"
                                " WHERE seq = 6"};
        const QByteArray run{"UPDATE chain_entry SET body = CAST(replace(body, 'GX-000002', 'GX-000009') AS BLOB)"
                             " WHERE seq = 5"};
        QTest::newRow("a record") << ExportFormat::DpsBulk << record << QByteArray{"entry 6, enrollment-record"};
        QTest::newRow("a record's row") << ExportFormat::DpsBulk
                                        << QByteArray{"UPDATE enrollment_record SET batch = 'b' WHERE seq = 6"}
                                        << QByteArray{"entry 6, enrollment-record"};
        QTest::newRow("a record's row put there by hand")
            << ExportFormat::DpsBulk
            << QByteArray{"INSERT INTO enrollment_record SELECT 99, 'x', 'x', x'00', 'x', 'x', 0"}
            << QByteArray{"entry 99, enrollment-record"};
        QTest::newRow("a run as csv") << ExportFormat::Csv << run << QByteArray{"entry 5, run"};
        QTest::newRow("a run as lines") << ExportFormat::JsonLines << run << QByteArray{"entry 5, run"};
        QTest::newRow("a run's row") << ExportFormat::Csv << QByteArray{"UPDATE run SET outcome = 'fail' WHERE seq = 5"}
                                     << QByteArray{"entry 5, run"};
    }
    void writesNothingOfWhatWasAltered()
    {
        QFETCH(ExportFormat, format);
        QFETCH(QByteArray, sql);
        QFETCH(QByteArray, named);
        const JournalFixture fixture;
        fixture.pass(1);
        fixture.pass(2);
        QCOMPARE(fixture.tamper(sql.constData()), 1);
        const auto file = fixture.directory() / "out";

        const auto refused = exportToFile(fixture.directory(), {}, format, file);

        QVERIFY(!refused.ok());
        QCOMPARE(refused.error().code, StationCode::JournalAltered);
        QVERIFY2(refused.error().what.find(named.toStdString()) != std::string::npos, refused.error().what.c_str());
        QVERIFY2(refused.error().what.find("journal.sqlite") != std::string::npos, refused.error().what.c_str());
        QVERIFY(!std::filesystem::exists(file));
    }

    void writesAnEmptyListWhereThereAreNoRecords()
    {
        const JournalFixture fixture;
        fixture.end(1, Outcome::Fail, DeviceCode::AttestationWrong);
        const auto document = QJsonDocument::fromJson(exported(exportDpsBulk, fixture));
        QVERIFY(document.isArray());
        QVERIFY(document.array().isEmpty());
    }

    void writesOneRunDocumentALine()
    {
        const JournalFixture fixture;
        const auto failed = fixture.end(1, Outcome::Fail, DeviceCode::AttestationWrong);
        fixture.pass(2);
        const auto lines = linesOf(exported(exportJsonLines, fixture));
        QCOMPARE(lines.size(), 2);
        QVERIFY(require(db::documents::runFromJson(lines[0])) == failed);
    }

    void writesAHeaderAndOneLineARun()
    {
        const JournalFixture fixture;
        fixture.pass(1);
        fixture.pass(2);
        const auto lines = linesOf(exported(exportCsv, fixture));
        QCOMPARE(lines.size(), 3);
        QVERIFY(lines[0].startsWith("formVersion,runId,startedAt"));
        QVERIFY(lines[2].contains("GX-000002"));
    }

    void keepsToTheFilter()
    {
        const JournalFixture fixture;
        fixture.end(1, Outcome::Fail, DeviceCode::AttestationWrong);
        fixture.end(2, Outcome::Hold, DeviceCode::EkCertificateMissing);
        const auto run = fixture.pass(3);
        const auto lines = [&](const ExportFilter& filter) {
            return exported(exportJsonLines, fixture, filter).count('\n');
        };
        QCOMPARE(lines({.only = ExportOnly::Fail}), 1);
        QCOMPARE(lines({.only = ExportOnly::Hold}), 1);
        QCOMPARE(lines({.only = ExportOnly::Pass}), 1);
        QCOMPARE(lines({.since = run.startedAt}), 1);
        QCOMPARE(lines({.until = run.startedAt}), 2);
        QCOMPARE(lines({.batch = BatchId{"WO-0"}}), 0);
        QVERIFY(QJsonDocument::fromJson(exported(exportDpsBulk, fixture, {.until = run.startedAt})).array().isEmpty());
    }

    void exportsSetAsideRecordsAlone()
    {
        const JournalFixture fixture;
        fixture.pass(1);
        fixture.pass(2);
        const auto outbox = fixture.outbox(kCloud);
        for (const auto& entry : require(outbox->pending(2, 0))) {
            require(outbox->close(
                std::array{delivery::OutboxClosing{entry.id, RecordState::Rejected, "U-409", "other key"}}));
        }
        require(db::journal::setAside(fixture.options(), std::array{kCloud},
                                      std::array{DeviceFigure{1}.registrationId()}, {"Q. Meier", "scrapped"}));

        const auto aside = exported(exportCsv, fixture, {.only = exportOnlyFromText("set-aside").value()});
        QCOMPARE(linesOf(aside).size(), 2);
        QVERIFY(linesOf(aside).at(1).contains("GX-000001"));
        QVERIFY(linesOf(aside).at(1).trimmed().endsWith(",set-aside"));
        QVERIFY(exported(exportJsonLines, fixture, {.only = ExportOnly::SetAside}).contains("\"by\":\"Q. Meier\""));
        const auto rejected = exported(exportDpsBulk, fixture, {.only = ExportOnly::Rejected});
        QVERIFY(!rejected.contains(DeviceFigure{1}.registrationId().text().c_str()));
        // The file for the service has it only if it is asked for.
        const auto scrapped = DeviceFigure{1}.registrationId().text();
        QVERIFY(exported(exportDpsBulk, fixture, {.only = ExportOnly::SetAside}).contains(scrapped.c_str()));
        QBuffer all;
        all.open(QIODevice::WriteOnly);
        const auto report = require(exportDpsBulk(fixture.directory(), {}, all));
        QCOMPARE(report.items, std::int64_t{1});
        QCOMPARE(report.leftOutAsSetAside, std::int64_t{1});
        QVERIFY(!all.data().contains(scrapped.c_str()));
    }

    void exportsRejectedRecordsAlone()
    {
        const JournalFixture fixture;
        fixture.pass(1);
        fixture.pass(2);
        const auto outbox = fixture.outbox(kCloud);
        const auto entries = require(outbox->pending(2, 0));
        require(outbox->close(
            std::array{delivery::OutboxClosing{entries[0].id, RecordState::Accepted, {}, {}},
                       delivery::OutboxClosing{entries[1].id, RecordState::Rejected, "U-409", "other key"}}));

        const auto rejected = exported(exportDpsBulk, fixture, {.only = ExportOnly::Rejected});
        QVERIFY(rejected.contains(DeviceFigure{2}.registrationId().text().c_str()));
        QVERIFY(!rejected.contains(DeviceFigure{1}.registrationId().text().c_str()));
        QVERIFY(exported(exportCsv, fixture, {.only = ExportOnly::Accepted}).contains("GX-000001"));
        QVERIFY(!exported(exportCsv, fixture, {.only = ExportOnly::Accepted}).contains("GX-000002"));
    }

    void refusesRecordsOfRunsThatMadeNone()
    {
        const JournalFixture fixture;
        fixture.pass(1);
        QBuffer buffer;
        buffer.open(QIODevice::WriteOnly);
        QCOMPARE(exportDpsBulk(fixture.directory(), {.only = ExportOnly::Hold}, buffer).error().code,
                 StationCode::UsageInvalid);
    }

    void countsTheRunsWhoseLinesLackSomething()
    {
        const JournalFixture fixture;
        const auto run = fixture.pass(1);
        fixture.pass(2);
        const auto body = fixture.ask("SELECT body FROM chain_entry WHERE seq = 2").toByteArray();
        commitOtherwise(
            fixture.directory(), 2,
            QByteArray{body}.replace("attestation-run/1", "attestation-run/2").replace("\"steps\":[", "\"steps\":[7,"));
        QBuffer buffer;
        buffer.open(QIODevice::WriteOnly);

        const auto csv = require(exportCsv(fixture.directory(), {}, buffer));
        const auto lines = require(exportJsonLines(fixture.directory(), {}, buffer));

        QCOMPARE(csv.items, 2);
        QCOMPARE(csv.shortened, 1);
        QVERIFY(csv.firstShortened.starts_with("run " + run.runId.text()));
        QCOMPARE(lines.items, 2);
        QCOMPARE(lines.shortened, 0);
    }

    void writesAFileThatIsWhole()
    {
        const JournalFixture fixture;
        fixture.pass(1);
        const QTemporaryDir target;
        const auto name = target.filePath(QStringLiteral("runs.csv"));

        const auto report = require(exportToFile(fixture.directory(), {}, ExportFormat::Csv, name.toStdString()));

        QCOMPARE(report.items, 1);
        QCOMPARE(contentOf(name), exported(exportCsv, fixture));
        QCOMPARE(QDir{target.path()}.entryList(QDir::Files), QStringList{QStringLiteral("runs.csv")});
    }

    void leavesAnOlderFileAsItWasWhenTheExportFails()
    {
        const JournalFixture fixture;
        const QTemporaryDir target;
        const auto name = target.filePath(QStringLiteral("runs.csv"));
        QFile older{name};
        QVERIFY(older.open(QIODevice::WriteOnly));
        older.write("older");
        older.close();

        // Given no journal to export
        const auto result = exportToFile(fixture.directory(), {}, ExportFormat::Csv, name.toStdString());

        QCOMPARE(result.error().code, StationCode::NothingFound);
        QCOMPARE(contentOf(name), QByteArray{"older"});
        QCOMPARE(QDir{target.path()}.entryList(QDir::Files).size(), 1);
    }

    void refusesAPathThatCannotBeWritten()
    {
        const JournalFixture fixture;
        fixture.pass(1);
        const auto file = fixture.directory() / "not-there" / "runs.csv";
        QCOMPARE(exportToFile(fixture.directory(), {}, ExportFormat::Csv, file).error().code,
                 StationCode::FileUnusable);
    }

    void leavesAPipeAPipe()
    {
        const JournalFixture fixture;
        fixture.pass(1);
        const auto pipe = fixture.directory() / "pipe";
        QCOMPARE(::mkfifo(pipe.c_str(), 0600), 0);
        QCOMPARE(exportToFile(fixture.directory(), {}, ExportFormat::Csv, pipe).error().code,
                 StationCode::FileUnusable);
        QVERIFY(std::filesystem::is_fifo(pipe));
    }

    void followsALinkToAFile()
    {
        const JournalFixture fixture;
        fixture.pass(1);
        const auto link = fixture.directory() / "link.csv";
        std::ofstream{fixture.directory() / "runs.csv"} << "older";
        std::filesystem::create_symlink("runs.csv", link);
        QCOMPARE(require(exportToFile(fixture.directory(), {}, ExportFormat::Csv, link)).items, 1);
        QVERIFY(std::filesystem::is_symlink(link));
    }

    void refusesTheStationsOwnFiles_data()
    {
        QTest::addColumn<QByteArray>("name");
        for (const char* name :
             {"journal.sqlite", "journal.sqlite-wal", "journal.sqlite-shm", "journal.lock", "upload-61.lock",
              "slots.json", "slots.json.unreadable-1", "journal.sqlite.schema-1.3f9a12bc40d55e71", "trust/maker.pem",
              "trust/../journal.sqlite", "link", "link to a log", "hard link"}) {
            QTest::newRow(name) << QByteArray{name};
        }
    }
    void refusesTheStationsOwnFiles()
    {
        QFETCH(QByteArray, name);
        const JournalFixture fixture;
        fixture.pass(1);
        const auto directory = fixture.directory();
        std::filesystem::create_directory(directory / "trust");
        std::filesystem::create_symlink("journal.sqlite", directory / "link");
        std::filesystem::create_symlink(directory / "journal.sqlite-wal", directory / "link to a log");
        std::filesystem::create_hard_link(directory / "journal.sqlite", directory / "hard link");
        const auto file = directory / name.toStdString();

        const auto refused = exportToFile(directory, {}, ExportFormat::Csv, file);

        QVERIFY(!refused.ok());
        QCOMPARE(refused.error().code, StationCode::FileUnusable);
        const auto& what = refused.error().what;
        QVERIFY2(what.find("is a file of the station's own") != std::string::npos, what.c_str());
        QCOMPARE(linesOf(exported(exportJsonLines, fixture)).size(), 1); // the journal is as it was
    }

    void knowsItsWordsAndNoOthers()
    {
        QCOMPARE(require(exportFormatFromText("dps-bulk")), ExportFormat::DpsBulk);
        QCOMPARE(require(exportFormatFromText("jsonl")), ExportFormat::JsonLines);
        QCOMPARE(exportFormatFromText("xml").error().code, StationCode::UsageInvalid);
        QCOMPARE(require(exportOnlyFromText("hold")), ExportOnly::Hold);
        QCOMPARE(exportOnlyFromText("held").error().code, StationCode::UsageInvalid);
    }
};

QTEST_GUILESS_MAIN(TestExport)
#include "tst_export.moc"
