#include "db/journal/sqlite_outbox.h"
#include "tests/app/enrollctl/upload_room.h"
#include "tests/support/journal_fixture.h"

#include <QJsonArray>
#include <QTest>

#include <array>

using namespace enroll;
using namespace enroll::test;

namespace {

QStringList givingUp(const QString& id, const QString& destination)
{
    return {QStringLiteral("--destination"), destination,
            QStringLiteral("--set-aside"),   id,
            QStringLiteral("--reason"),      QStringLiteral("the service is gone"),
            QStringLiteral("--operator"),    QStringLiteral("Q. Meier")};
}

QJsonObject leftIn(const CtlRun& run)
{
    return run.document().value(QStringLiteral("leftBehind")).toArray().at(0).toObject();
}

} // namespace

/// Records at a destination that was renamed in the configuration, as a process.
class TestEnrollctlLeftBehind : public QObject, private UploadRoom {
    Q_OBJECT

private Q_SLOTS:
    /// Two records are queued for the plant, which the configuration does not have.
    void init()
    {
        openRoom();
        const auto outbox = recordForPlant();
        QCOMPARE(require(outbox->enqueueMissing()), 2);
    }

    void everyUploadTellsIt()
    {
        const auto run = upload();
        QVERIFY2(run.exitCode == 13, run.errors.constData()); // the configured ones have all, but two are left unsent
        QCOMPARE(run.document().value(QStringLiteral("accepted")).toInt(), 2);
        QCOMPARE(run.errors.count("  2 accepted, 0 rejected, 0 left"), 1); // its end is told once
        QCOMPARE(leftIn(run).value(QStringLiteral("destination")).toString(), QStringLiteral("plant"));
        QCOMPARE(leftIn(run).value(QStringLiteral("queued")).toInt(), 2);
        QVERIFY2(run.errors.contains("\"plant\", which the configuration does not have"), run.errors.constData());
        QVERIFY2(run.errors.contains("WARNING: 2 records are undecided (2 queued)"), run.errors.constData());
        QVERIFY2(!run.errors.contains("S-330"), run.errors.constData());
        const auto cloud = upload({QStringLiteral("--destination"), QStringLiteral("cloud")});
        QVERIFY2(cloud.exitCode == 0, cloud.errors.constData()); // nobody asked for the others
        QCOMPARE(leftIn(cloud).value(QStringLiteral("queued")).toInt(), 2);
    }

    void checkingTheConfigurationTellsIt()
    {
        const auto run = m_ctl->run({QStringLiteral("config"), QStringLiteral("check"), QStringLiteral("--json")});
        QVERIFY2(run.exitCode == 0, run.errors.constData()); // it may be so on purpose
        QCOMPARE(leftIn(run).value(QStringLiteral("queued")).toInt(), 2);
        QVERIFY2(run.errors.contains("\"plant\", which the configuration does not have"), run.errors.constData());
        QVERIFY2(run.errors.contains("WARNING: 2 records are undecided (2 queued)"), run.errors.constData());
        QVERIFY2(!run.errors.contains("S-330"), run.errors.constData());
    }

    void aPersonGivesThemUpOneByOne()
    {
        const auto plant = QStringLiteral("plant");
        QCOMPARE(leftIn(upload(givingUp(idOf(1), plant))).value(QStringLiteral("queued")).toInt(), 1);
        const auto run = upload(givingUp(idOf(2), plant));
        QVERIFY2(run.exitCode == 0, run.errors.constData());
        QVERIFY(leftIn(run).isEmpty());
        QCOMPARE(m_service->held(), std::size_t{0}); // nothing is sent to another destination
        QCOMPARE(upload(givingUp(idOf(2), plant)).exitCode, 2);
        QCOMPARE(verify().exitCode, 0);
    }

    void whatWasSentNeedsTheDestinationBack()
    {
        const auto outbox =
            require(db::journal::SqliteOutbox::open({.dataDirectory = data(), .destinations = {kCloud}}, kPlant));
        require(outbox->markSent(std::array{require(outbox->pending(1, 0)).front().id}));
        const auto run = upload(givingUp(idOf(1), QStringLiteral("plant")));
        QCOMPARE(run.exitCode, 2);
        QCOMPARE(run.text("code"), QStringLiteral("S-330"));
        QVERIFY(run.text("detail").contains(QStringLiteral("[[destination]]")));
    }

    void aNameThatNobodyKnowsIsRefused()
    {
        const auto run = upload(givingUp(idOf(1), QStringLiteral("palnt")));
        QCOMPARE(run.text("code"), QStringLiteral("S-331"));
        const auto detail = run.text("detail");
        QVERIFY2(detail.contains(QStringLiteral("no destination of that name is configured")), qPrintable(detail));
        QVERIFY2(detail.contains(QStringLiteral("configured: \"cloud\"")), qPrintable(detail));
        QVERIFY2(detail.contains(QStringLiteral("the journal also knows \"plant\"")), qPrintable(detail));
    }

private:
    std::unique_ptr<db::journal::SqliteOutbox> recordForPlant()
    {
        record(1, 2);
        return require(db::journal::SqliteOutbox::open({.dataDirectory = data(), .destinations = {kCloud}}, kPlant));
    }
};

QTEST_GUILESS_MAIN(TestEnrollctlLeftBehind)
#include "tst_enrollctl_left_behind.moc"
