#include "db/review/run_query.h"
#include "tests/support/bound_process.h"
#include "tests/support/journal_fixture.h"

#include <QRandomGenerator>
#include <QSet>
#include <QTest>

using namespace enroll;
using namespace enroll::test;
using namespace enroll::enrollment;

namespace {

constexpr int kRoundsByDefault = 20;
constexpr int kDevicesPerRound = 1000;
constexpr int kPatienceMs = 30'000;

int rounds()
{
    bool given = false;
    const int wanted = qEnvironmentVariableIntValue("ENROLL_CRASH_ROUNDS", &given);
    return given ? wanted : kRoundsByDefault;
}

/// What a killed process had said to be durable.
struct Acknowledged {
    QSet<QString> runs;
    QSet<qint64> closed;

    void read(const QByteArray& line)
    {
        // A line that the kill cut short is no acknowledgement.
        if (!line.endsWith('\n')) {
            return;
        }
        const auto words = line.trimmed().split(' ');
        if (words.first() == "run") {
            runs.insert(QString::fromLatin1(words.last()));
        }
        if (words.first() == "closed") {
            closed.insert(words.last().toLongLong());
        }
    }
};

/// Lets a process commit, kills it after some acknowledgements, and keeps what it had acknowledged.
void commitAndKill(const std::filesystem::path& directory, int round, Acknowledged& acknowledged)
{
    const int enough = QRandomGenerator::global()->bounded(12);
    BoundProcess process;
    process.start(QStringLiteral(ENROLL_JOURNAL_COMMITTER),
                  {QString::fromStdString(directory.string()), QString::number(round * kDevicesPerRound)});
    QVERIFY2(process.waitForStarted(kPatienceMs), qPrintable(process.errorString()));
    for (int heard = 0; heard < enough;) {
        QVERIFY2(process.canReadLine() || process.waitForReadyRead(kPatienceMs),
                 process.readAllStandardError().constData());
        for (; process.canReadLine() && heard < enough; ++heard) {
            acknowledged.read(process.readLine());
        }
    }
    process.kill();
    QVERIFY(process.waitForFinished(kPatienceMs));
    QCOMPARE(process.exitStatus(), QProcess::CrashExit);
    while (!process.atEnd()) {
        acknowledged.read(process.readLine());
    }
}

} // namespace

class TestJournalCrash : public QObject {
    Q_OBJECT

private Q_SLOTS:
    /// ENROLL_CRASH_ROUNDS sets the number of kills for the long run.
    void keepsEveryAcknowledgedRunWhenKilledAtAnyMoment()
    {
        const JournalFixture fixture;
        static_cast<void>(fixture.open());
        Acknowledged acknowledged;
        for (int round = 1; round <= rounds(); ++round) {
            commitAndKill(fixture.directory(), round, acknowledged);
            const auto report = fixture.verify();
            QVERIFY2(!report.firstBad, report.firstBad ? report.firstBad->reason.c_str() : "");
        }

        const auto query = require(db::review::RunQuery::open(fixture.directory()));
        for (const auto& id : std::as_const(acknowledged.runs)) {
            const auto run = query->show(RunId{id.toStdString()});
            QVERIFY2(run.ok(), qPrintable(id));
            QVERIFY(run->run.record.has_value());
            QCOMPARE(run->run.record->destinations.size(), 1U);
        }
        for (const auto id : std::as_const(acknowledged.closed)) {
            QCOMPARE(fixture.ask("SELECT state FROM outbox_entry WHERE seq = ?", {id}).toString(),
                     QStringLiteral("accepted"));
        }
        QVERIFY(acknowledged.runs.size() > rounds());
        // All or nothing: no run of a pass without its record, no record without its outbox entry.
        QCOMPARE(fixture.ask("SELECT count(*) FROM run").toInt(),
                 fixture.ask("SELECT count(*) FROM enrollment_record").toInt());
        QCOMPARE(fixture.ask("SELECT count(*) FROM run").toInt(),
                 fixture.ask("SELECT count(*) FROM outbox_entry").toInt());
    }
};

QTEST_GUILESS_MAIN(TestJournalCrash)
#include "tst_journal_crash.moc"
