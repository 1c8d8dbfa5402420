#include "tests/app/enrollctl/enrollctl_process.h"
#include "tests/support/swtpm_fixture.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace enroll::test;

/// What is left of runs: `runs`, `journal verify` and `export` as processes on one journal.
class TestEnrollctlJournal : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();

    void runsListShowsTheNewestFirst();
    void runsListIsFilteredAndPaged();
    void runsShowGivesTheRunAsItWasReported();
    void runsShowOfAnUnknownRunIsRefused();
    void runsShowOfWhatIsNoRunIdSaysWhereTheIdsAre();
    void journalIsIntact();
    void exportsEnrollmentsAsBulkCalls();
    void exportsRunsAsLines_data();
    void exportsRunsAsLines();
    void exportIntoNowhereLeavesNothing();
    void aResultThatCannotBeWrittenIsAFault_data();
    void aResultThatCannotBeWrittenIsAFault();
    void anExportPastTheSizeLimitLeavesTheOldFile();
    void anEnrollmentPastTheSizeLimitIsNotRecorded();
    void aFlippedByteIsFoundAndNamed();

private:
    [[nodiscard]] CtlRun json(const QStringList& arguments) const;
    /// As json(), in a process none of whose files may grow beyond \p kibibytes.
    [[nodiscard]] CtlRun limited(const QStringList& arguments, int kibibytes) const;

    std::unique_ptr<SwtpmFixture> m_tpm;
    std::unique_ptr<EnrollctlProcess> m_ctl;
    CtlRun m_held;
    CtlRun m_passed;
};

CtlRun TestEnrollctlJournal::json(const QStringList& arguments) const
{
    return m_ctl->run(arguments + QStringList{QStringLiteral("--json")});
}

CtlRun TestEnrollctlJournal::limited(const QStringList& arguments, int kibibytes) const
{
    const auto process = m_ctl->prepare(arguments + QStringList{QStringLiteral("--json")});
    // The shell sets the limit in the child; SIGXFSZ is the program's own business.
    process->setArguments(QStringList{QStringLiteral("-c"),
                                      QStringLiteral("ulimit -f %1; exec \"$0\" \"$@\"").arg(2 * kibibytes),
                                      process->program()} +
                          process->arguments());
    process->setProgram(QStringLiteral("/bin/sh"));
    process->start();
    if (!process->waitForFinished(60'000)) {
        qFatal("enrollctl did not end");
    }
    return {process->exitStatus() == QProcess::NormalExit ? process->exitCode() : -1, process->readAllStandardOutput(),
            process->readAllStandardError()};
}

void TestEnrollctlJournal::initTestCase()
{
    m_tpm = std::make_unique<SwtpmFixture>();
    const auto& tpm = *m_tpm;
    m_ctl = std::make_unique<EnrollctlProcess>();
    const QStringList enroll{QStringLiteral("enroll"), QStringLiteral("--device"),
                             QString::fromStdString(tpm.address()), QStringLiteral("--serial"),
                             QStringLiteral("GX-000001")};
    m_ctl->trustSomebody();
    m_held = json(enroll);
    QCOMPARE(m_held.exitCode, 11);
    m_ctl->trust(tpm.caCertificates());
    m_passed = json(enroll);
    QCOMPARE(m_passed.exitCode, 0);
}

void TestEnrollctlJournal::runsListShowsTheNewestFirst()
{
    const auto run = json({QStringLiteral("runs"), QStringLiteral("list")});
    QCOMPARE(run.exitCode, 0);
    QVERIFY(run.isOneDocument());
    const auto rows = run.document().value(QStringLiteral("runs")).toArray();
    QCOMPARE(rows.size(), 2);
    QCOMPARE(rows.at(0).toObject().value(QStringLiteral("runId")).toString(), m_passed.text("runId"));
    QCOMPARE(rows.at(0).toObject().value(QStringLiteral("recordState")).toString(), QStringLiteral("queued"));
    QCOMPARE(rows.at(1).toObject().value(QStringLiteral("code")).toString(), QStringLiteral("D-122"));
}

void TestEnrollctlJournal::runsListIsFilteredAndPaged()
{
    const auto held =
        json({QStringLiteral("runs"), QStringLiteral("list"), QStringLiteral("--outcome"), QStringLiteral("hold")});
    QCOMPARE(held.document().value(QStringLiteral("runs")).toArray().size(), 1);
    const auto runsOf = [this](const QString& serial) {
        return json({QStringLiteral("runs"), QStringLiteral("list"), QStringLiteral("--serial"), serial})
            .document()
            .value(QStringLiteral("runs"))
            .toArray()
            .size();
    };
    QCOMPARE(runsOf(QStringLiteral("GX-000001")), 2);
    QCOMPARE(runsOf(QStringLiteral("GX-00000")), 0);

    const auto first =
        json({QStringLiteral("runs"), QStringLiteral("list"), QStringLiteral("--limit"), QStringLiteral("1")});
    const auto second = json({QStringLiteral("runs"), QStringLiteral("list"), QStringLiteral("--limit"),
                              QStringLiteral("1"), QStringLiteral("--after"), first.text("next")});
    const auto rows = second.document().value(QStringLiteral("runs")).toArray();
    QCOMPARE(rows.size(), 1);
    QCOMPARE(rows.at(0).toObject().value(QStringLiteral("runId")).toString(), m_held.text("runId"));
}

void TestEnrollctlJournal::runsShowGivesTheRunAsItWasReported()
{
    const auto shown = json({QStringLiteral("runs"), QStringLiteral("show"), m_passed.text("runId")});
    QCOMPARE(shown.exitCode, 0);
    QCOMPARE(shown.document(), m_passed.document());
}

void TestEnrollctlJournal::runsShowOfAnUnknownRunIsRefused()
{
    const auto shown =
        json({QStringLiteral("runs"), QStringLiteral("show"), QStringLiteral("018f4a2b-0000-7000-8000-000000000001")});
    QCOMPARE(shown.exitCode, 2);
    QVERIFY(shown.isOneDocument());
    QCOMPARE(shown.text("code"), QStringLiteral("S-339"));
}

void TestEnrollctlJournal::runsShowOfWhatIsNoRunIdSaysWhereTheIdsAre()
{
    const auto shown = json({QStringLiteral("runs"), QStringLiteral("show"), QStringLiteral("nothing")});
    QCOMPARE(shown.exitCode, 2);
    QCOMPARE(shown.text("code"), QStringLiteral("S-338"));
    QVERIFY(shown.output.contains("36 characters, as enrollctl runs list shows it"));
}

void TestEnrollctlJournal::journalIsIntact()
{
    const auto run = json({QStringLiteral("journal"), QStringLiteral("verify")});
    QCOMPARE(run.exitCode, 0);
    QVERIFY(run.isOneDocument());
    QCOMPARE(run.document().value(QStringLiteral("intact")).toBool(), true);
    QVERIFY(run.document().value(QStringLiteral("entries")).toInt() >= 4); // two runs, a record, an outbox entry
}

void TestEnrollctlJournal::exportsEnrollmentsAsBulkCalls()
{
    const auto file = m_ctl->path(QStringLiteral("bulk.json"));
    const auto run = json({QStringLiteral("export"), QStringLiteral("--format"), QStringLiteral("dps-bulk"),
                           QStringLiteral("--output"), file});
    QCOMPARE(run.exitCode, 0);
    QCOMPARE(run.document().value(QStringLiteral("items")).toInt(), 1);
    QFile written{file};
    QVERIFY(written.open(QIODevice::ReadOnly));
    const auto calls = QJsonDocument::fromJson(written.readAll()).array();
    const auto enrollment = calls.at(0).toObject().value(QStringLiteral("enrollments")).toArray().at(0).toObject();
    QCOMPARE(enrollment.value(QStringLiteral("registrationId")).toString(), m_passed.text("registrationId"));
}

void TestEnrollctlJournal::exportsRunsAsLines_data()
{
    QTest::addColumn<QString>("format");
    QTest::addColumn<QString>("only");
    QTest::addColumn<int>("items");
    QTest::addColumn<int>("lines");
    QTest::newRow("csv has a header") << "csv"
                                      << "" << 2 << 3;
    QTest::newRow("jsonl") << "jsonl"
                           << "" << 2 << 2;
    QTest::newRow("jsonl, only what passed") << "jsonl"
                                             << "pass" << 1 << 1;
}

void TestEnrollctlJournal::exportsRunsAsLines()
{
    QFETCH(QString, format);
    QFETCH(QString, only);
    QFETCH(int, items);
    QFETCH(int, lines);
    const auto file = m_ctl->path(QStringLiteral("runs.") + format);
    QStringList command{QStringLiteral("export"), QStringLiteral("--format"), format, QStringLiteral("--output"), file};
    if (!only.isEmpty()) {
        command << QStringLiteral("--only") << only;
    }
    const auto run = json(command);
    QCOMPARE(run.exitCode, 0);
    QCOMPARE(run.document().value(QStringLiteral("items")).toInt(), items);
    QFile written{file};
    QVERIFY(written.open(QIODevice::ReadOnly));
    QCOMPARE(written.readAll().count('\n'), lines);
}

void TestEnrollctlJournal::exportIntoNowhereLeavesNothing()
{
    const auto file = m_ctl->path(QStringLiteral("no/such/directory/runs.csv"));
    const auto run = json({QStringLiteral("export"), QStringLiteral("--format"), QStringLiteral("csv"),
                           QStringLiteral("--output"), file});
    QCOMPARE(run.exitCode, 2);
    QVERIFY(run.isOneDocument());
    QVERIFY(!QFileInfo::exists(file));
}

void TestEnrollctlJournal::aResultThatCannotBeWrittenIsAFault_data()
{
    QTest::addColumn<QString>("redirection");
    QTest::newRow("full") << ">/dev/full";
    QTest::newRow("closed") << ">&-";
    QTest::newRow("all closed but standard error") << "<&- >&-";
}

void TestEnrollctlJournal::aResultThatCannotBeWrittenIsAFault()
{
    QFETCH(QString, redirection);
    const auto process = m_ctl->prepare({QStringLiteral("runs"), QStringLiteral("list"), QStringLiteral("--json")});
    process->setArguments(
        QStringList{QStringLiteral("-c"), QStringLiteral("exec \"$0\" \"$@\" ") + redirection, process->program()} +
        process->arguments());
    process->setProgram(QStringLiteral("/bin/sh"));
    process->start();
    QVERIFY(process->waitForFinished());
    QCOMPARE(process->exitCode(), 12);
    const auto errors = process->readAllStandardError();
    QVERIFY2(errors.contains("standard output"), errors.constData());
    QVERIFY2(errors.contains("S-333"), errors.constData());
}

void TestEnrollctlJournal::anExportPastTheSizeLimitLeavesTheOldFile()
{
    const auto file = m_ctl->write(QStringLiteral("limited/runs.jsonl"), "what was there before");
    const auto run = limited({QStringLiteral("export"), QStringLiteral("--format"), QStringLiteral("jsonl"),
                              QStringLiteral("--output"), file},
                             1);
    QCOMPARE(run.exitCode, 2);
    QVERIFY(run.isOneDocument());
    QCOMPARE(run.text("code"), QStringLiteral("S-333"));
    QVERIFY2(run.errors.contains(QByteArray{file.toUtf8() + " cannot be written: "}), run.errors.constData());
    QFile before{file};
    QVERIFY(before.open(QIODevice::ReadOnly));
    QCOMPARE(before.readAll(), QByteArray("what was there before"));
    QCOMPARE(QFileInfo{file}.dir().entryList(QDir::Files | QDir::Hidden), QStringList{QStringLiteral("runs.jsonl")});
}

void TestEnrollctlJournal::anEnrollmentPastTheSizeLimitIsNotRecorded()
{
    const auto rows = [this] {
        return json({QStringLiteral("runs"), QStringLiteral("list")})
            .document()
            .value(QStringLiteral("runs"))
            .toArray();
    };
    const auto before = rows();
    const auto run =
        limited({QStringLiteral("enroll"), QStringLiteral("--device"), QString::fromStdString(m_tpm->address()),
                 QStringLiteral("--serial"), QStringLiteral("GX-000002")},
                1);
    QCOMPARE(run.exitCode, 12);
    QVERIFY(run.isOneDocument());
    QCOMPARE(run.text("code"), QStringLiteral("S-301"));
    const QString journal{m_ctl->dataDirectory() + QStringLiteral("/journal.sqlite")};
    QVERIFY2(run.errors.contains(journal.toUtf8()), run.errors.constData());
    QCOMPARE(rows(), before);
    QCOMPARE(json({QStringLiteral("journal"), QStringLiteral("verify")}).exitCode, 0);
}

void TestEnrollctlJournal::aFlippedByteIsFoundAndNamed()
{
    // The last test: it destroys the journal. The byte is one of a run's stored document.
    QFile database{m_ctl->dataDirectory() + QStringLiteral("/journal.sqlite")};
    QVERIFY(database.open(QIODevice::ReadWrite));
    auto content = database.readAll();
    const auto place = content.indexOf("\"serialNumber\":\"GX-000001\"");
    QVERIFY2(place > 0, "the stored document is not where it can be seen: is it still in the write-ahead log?");
    database.seek(place + 20);
    database.write("2");
    database.close();

    const auto run = json({QStringLiteral("journal"), QStringLiteral("verify")});
    QCOMPARE(run.exitCode, 14);
    QVERIFY(run.isOneDocument());
    const auto bad = run.document().value(QStringLiteral("firstBad")).toObject();
    QVERIFY(bad.value(QStringLiteral("seq")).toInt() > 0);
    QCOMPARE(bad.value(QStringLiteral("code")).toString(), QStringLiteral("S-303"));
    QVERIFY2(run.errors.contains("S-303"), run.errors.constData());
    QVERIFY2(run.errors.contains("/journal.sqlite: entry "), run.errors.constData());

    const auto file = m_ctl->path(QStringLiteral("altered"));
    const QStringList exporting{QStringLiteral("export"), QStringLiteral("--output"), file, QStringLiteral("--format")};
    for (const auto& command :
         {exporting + QStringList{QStringLiteral("jsonl")}, exporting + QStringList{QStringLiteral("csv")}}) {
        QCOMPARE(json(command).exitCode, 14);
        QVERIFY(!QFileInfo::exists(file));
    }
    const auto enrolled =
        json({QStringLiteral("enroll"), QStringLiteral("--device"), QString::fromStdString(m_tpm->address()),
              QStringLiteral("--serial"), QStringLiteral("GX-000001")});
    QVERIFY2(enrolled.exitCode == 0 || enrolled.exitCode == 14, enrolled.errors.constData());
}

QTEST_GUILESS_MAIN(TestEnrollctlJournal)
#include "tst_enrollctl_journal.moc"
