#include "tests/app/chain/station_directory.h"
#include "tests/support/bound_process.h"
#include "tests/support/service_process.h"
#include "tests/support/swtpm_fixture.h"

#include <QElapsedTimer>
#include <QJsonArray>
#include <QJsonDocument>
#include <QRandomGenerator>
#include <QSet>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTest>

using namespace enroll::test;

namespace {

constexpr auto kNoCertificateNeeded = R"(schema = 1
name = "Crash test"
version = "1"
[endorsement_key]
persist_if_absent = true
[tpm]
allow_software = true
[certificate]
require = "none"
on_missing = "accept"
)";

int rounds()
{
    bool given = false;
    const int value = qEnvironmentVariableIntValue("ENROLL_CRASH_ROUNDS", &given);
    return given ? value : 12;
}

QString serial(int number)
{
    return QStringLiteral("GX-%1").arg(number, 6, 10, QLatin1Char('0'));
}

} // namespace

/// kill -9 of `enrollctl enroll` and `enrollctl upload` at random moments: what was reported as PASS is in the journal,
/// nothing is twice in the service, and one more upload finishes the work. ENROLL_CRASH_ROUNDS says how often.
class tst_crash_safety : public QObject {
    Q_OBJECT

    ServiceProcess m_service;
    StationDirectory m_station{m_service.directory()};
    SwtpmFixture m_tpm;
    QSet<QString> m_reportedRuns;          ///< runs whose PASS was printed
    QSet<QString> m_reportedRegistrations; ///< and what they registered
    qint64 m_enrollMs = 0;
    qint64 m_uploadMs = 0;

    void onTpm(const std::vector<std::string>& command) const
    {
        const auto output = m_tpm.tool(command);
        QVERIFY2(output.exitCode == 0, output.standardError.c_str());
    }

    /// The TPM becomes another one: new seeds, the old keys gone, new keys at their places. What a factory sees as the
    /// next device, so warm that a run is short and the kills fall into all of its parts.
    void nextDevice() const
    {
        onTpm({"tpm2_flushcontext", "-t"}); // what a killed program left loaded goes with the device's power
        onTpm({"tpm2_flushcontext", "-l"});
        onTpm({"tpm2_clear", "-c", "p"});
        onTpm({"tpm2_createprimary", "-Q", "-C", "o", "-c", "srk.ctx"});
        onTpm({"tpm2_evictcontrol", "-Q", "-C", "o", "-c", "srk.ctx", "0x81000001"});
        onTpm({"tpm2_flushcontext", "-t"});
        onTpm({"tpm2_changeeps"});
        onTpm({"tpm2_createek", "-Q", "-G", "rsa", "-c", "0x81010001", "-u", "ek.pub"});
    }

    QStringList enrollCommand(int number) const
    {
        return {QStringLiteral("enroll"), QStringLiteral("--device"), QString::fromStdString(m_tpm.address()),
                QStringLiteral("--serial"), serial(number)};
    }

    /// Runs enrollctl and kills it after a random part of \p usualMs, unless it ends before. Returns what it printed.
    QByteArray runAndKill(const QStringList& command, qint64 usualMs) const
    {
        BoundProcess process;
        process.start(StationDirectory::program(), m_station.arguments(command));
        const auto moment = QRandomGenerator::global()->bounded(static_cast<int>(usualMs + usualMs / 2) + 1);
        if (!process.waitForFinished(moment)) {
            process.kill();
            process.waitForFinished();
        }
        return process.readAllStandardOutput();
    }

    void noteIfPassed(const QByteArray& output)
    {
        const auto run = QJsonDocument::fromJson(output).object();
        if (run.value(QLatin1String("outcome")).toString() == QLatin1String("pass")) {
            m_reportedRuns.insert(run.value(QLatin1String("runId")).toString());
            m_reportedRegistrations.insert(run.value(QLatin1String("registrationId")).toString());
        }
    }

    /// The endorsement keys on the service's list, each as often as it stands there.
    QStringList keysInTheService() const
    {
        const auto name = QStringLiteral("service");
        QStringList keys;
        {
            auto database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), name);
            database.setDatabaseName(m_service.directory() + QStringLiteral("/enrollments.sqlite"));
            if (!database.open()) {
                qFatal("the service's list cannot be read");
            }
            QSqlQuery rows{QStringLiteral("SELECT document FROM enrollment"), database};
            while (rows.next()) {
                const auto document = QJsonDocument::fromJson(rows.value(0).toByteArray()).object();
                const auto tpm = document.value(QLatin1String("attestation")).toObject().value(QLatin1String("tpm"));
                keys << tpm.toObject().value(QLatin1String("endorsementKey")).toString();
            }
        }
        QSqlDatabase::removeDatabase(name);
        return keys;
    }

    QSet<QString> runsInJournal() const
    {
        QSet<QString> ids;
        QString cursor;
        do {
            QStringList command{QStringLiteral("runs"), QStringLiteral("list"), QStringLiteral("--limit"),
                                QStringLiteral("100")};
            if (!cursor.isEmpty()) {
                command << QStringLiteral("--after") << cursor;
            }
            const auto page = m_station.run(command).document();
            for (const auto& row : page.value(QLatin1String("runs")).toArray()) {
                ids.insert(row.toObject().value(QLatin1String("runId")).toString());
            }
            cursor = page.value(QLatin1String("next")).toString();
        } while (!cursor.isEmpty());
        return ids;
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_station.writeProfile(kNoCertificateNeeded);
        nextDevice();
        QElapsedTimer timer;
        timer.start();
        const auto first = m_station.run(enrollCommand(1));
        QVERIFY2(first.exitCode == 0, first.errors.constData());
        m_enrollMs = timer.restart();
        noteIfPassed(first.output);
        const auto upload = m_station.run({QStringLiteral("upload")});
        QVERIFY2(upload.exitCode == 0, upload.errors.constData());
        m_uploadMs = timer.elapsed();
    }

    void survivesKillsAtRandomMoments()
    {
        for (int round = 0; round < rounds(); ++round) {
            nextDevice();
            noteIfPassed(runAndKill(enrollCommand(round + 2), m_enrollMs));
            runAndKill({QStringLiteral("upload")}, m_uploadMs);
        }
        QVERIFY(m_reportedRuns.size() > 1); // some were let live, or nothing was tried
    }

    void everyReportedPassIsInTheJournal()
    {
        const auto stored = runsInJournal();
        for (const auto& run : m_reportedRuns) {
            QVERIFY2(stored.contains(run), qPrintable(run));
        }
    }

    void journalVerifies()
    {
        const auto verified = m_station.run({QStringLiteral("journal"), QStringLiteral("verify")});
        QVERIFY2(verified.exitCode == 0, verified.errors.constData());
    }

    void oneMoreUploadFinishesTheWork()
    {
        const auto upload = m_station.run({QStringLiteral("upload")});
        QVERIFY2(upload.exitCode == 0, upload.errors.constData());
        const auto report = upload.document();
        QCOMPARE(report.value(QLatin1String("left")).toInt(-1), 0);
        QCOMPARE(report.value(QLatin1String("rejected")).toArray().size(), 0);
        const auto keys = keysInTheService();
        QVERIFY(keys.size() >= m_reportedRegistrations.size());
        QCOMPARE(QSet<QString>(keys.begin(), keys.end()).size(), keys.size());
        QVERIFY(!keys.contains(QString{}));
        for (const auto& id : m_reportedRegistrations) {
            const auto runs = m_station.run(
                {QStringLiteral("runs"), QStringLiteral("list"), QStringLiteral("--registration-id"), id});
            QVERIFY2(runs.exitCode == 0, runs.errors.constData());
            const auto row = runs.document().value(QLatin1String("runs")).toArray().first().toObject();
            QCOMPARE(row.value(QLatin1String("recordState")).toString(), QStringLiteral("accepted"));
        }
    }
};

QTEST_GUILESS_MAIN(tst_crash_safety)
#include "tst_crash_safety.moc"
