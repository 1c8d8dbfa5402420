#include "tests/app/chain/station_directory.h"
#include "tests/support/service_process.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QTest>

using namespace enroll::test;

/// The journal that version 0.1.0 wrote, in the hands of today's program. The file is never made anew: see its README.
class tst_first_version : public QObject {
    Q_OBJECT

    ServiceProcess m_service;
    StationDirectory m_station{m_service.directory()};

    /// What the command says with exit code 0; the test fails on another.
    QJsonObject said(const QStringList& arguments) const
    {
        const auto run = m_station.run(arguments);
        if (run.exitCode != 0) {
            QTest::qFail(run.errors.constData(), __FILE__, __LINE__);
        }
        return run.document();
    }

    void requireIntact(int entries) const
    {
        const auto verified = said({QStringLiteral("journal"), QStringLiteral("verify")});
        QVERIFY(verified.value(QStringLiteral("intact")).toBool());
        QCOMPARE(verified.value(QStringLiteral("entries")).toInt(), entries);
        QCOMPARE(verified.value(QStringLiteral("notUnderstood")).toObject().value(QStringLiteral("entries")).toInt(),
                 0);
    }

    /// The lines of a file that is exported as \p format.
    int exportedLines(const QString& format) const
    {
        const auto file = m_station.path(QStringLiteral("export.") + format);
        said({QStringLiteral("export"), QStringLiteral("--format"), format, QStringLiteral("--output"), file});
        QFile exported{file};
        return exported.open(QIODevice::ReadOnly) ? static_cast<int>(exported.readAll().count('\n')) : -1;
    }

    void nameDestinationAsTheJournalDoes() const
    {
        QFile file{m_station.path(QStringLiteral("station.toml"))};
        QVERIFY(file.open(QIODevice::ReadWrite));
        auto text = file.readAll();
        QVERIFY(text.contains("\"service\""));
        text.replace("\"service\"", "\"cloud\"");
        QVERIFY(file.resize(0) && file.seek(0) && file.write(text) == text.size());
    }

private Q_SLOTS:
    void initTestCase()
    {
        const QString source = QStringLiteral(ENROLL_TEST_DATA "/journal/v1/journal.sqlite");
        const auto target = m_station.path(QStringLiteral("data/journal.sqlite"));
        QVERIFY(QDir{m_station.path({})}.mkpath(QStringLiteral("data")));
        QVERIFY(QFile::copy(source, target));
        QVERIFY(QFile::setPermissions(target, QFile::ReadOwner | QFile::WriteOwner));
        nameDestinationAsTheJournalDoes();
    }

    void isIntactAndUnderstood() { requireIntact(19); }

    void showsEveryRunOfEveryOutcome()
    {
        const auto runs =
            said({QStringLiteral("runs"), QStringLiteral("list")}).value(QStringLiteral("runs")).toArray();
        QStringList outcomes;
        for (const auto& row : runs) {
            const auto runId = row.toObject().value(QStringLiteral("runId")).toString();
            const auto run = said({QStringLiteral("runs"), QStringLiteral("show"), runId});
            QCOMPARE(run.value(QStringLiteral("runId")).toString(), runId);
            outcomes.append(run.value(QStringLiteral("outcome")).toString());
        }
        const QStringList expected{QStringLiteral("pass"), QStringLiteral("station-fault"), QStringLiteral("aborted"),
                                   QStringLiteral("fail"), QStringLiteral("fail"),          QStringLiteral("hold"),
                                   QStringLiteral("pass"), QStringLiteral("pass")};
        QCOMPARE(outcomes, expected);
    }

    void isExportedWhole()
    {
        QCOMPARE(exportedLines(QStringLiteral("jsonl")), 8);
        QCOMPARE(exportedLines(QStringLiteral("csv")), 9); // a head and a line a run
    }

    /// Two records were accepted when the file was made, one was waiting.
    void sendsWhatWaitedAndNothingTwice()
    {
        const QStringList upload{QStringLiteral("upload"), QStringLiteral("--destination"), QStringLiteral("cloud")};
        const auto sent = said(upload);
        QCOMPARE(sent.value(QStringLiteral("accepted")).toInt(), 1);
        QCOMPARE(sent.value(QStringLiteral("left")).toInt(), 0);
        QCOMPARE(said(upload).value(QStringLiteral("accepted")).toInt(), 0);
        requireIntact(21); // sent, accepted
    }
};

QTEST_GUILESS_MAIN(tst_first_version)
#include "tst_first_version.moc"
