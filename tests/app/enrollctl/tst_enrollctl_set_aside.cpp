#include "db/journal/open_journal.h"
#include "db/journal/sqlite_outbox.h"
#include "tests/app/enrollctl/upload_room.h"
#include "tests/support/journal_fixture.h"

#include <QDir>
#include <QJsonArray>
#include <QTest>

#include <array>

using namespace enroll;
using namespace enroll::test;

namespace {

QStringList aside(const QString& id)
{
    return {QStringLiteral("--set-aside"), id,
            QStringLiteral("--reason"),    QStringLiteral("scrapped, 8D 4711"),
            QStringLiteral("--operator"),  QStringLiteral("Q. Meier")};
}

qint64 entriesIn(const std::filesystem::path& data)
{
    const auto database = require(db::journal::openForReading(data));
    auto row = require(database->query("SELECT count(*) FROM chain_entry"));
    return require(row.next()) ? row.integer(0) : 0;
}

} // namespace

/// `upload --set-aside` as a process.
class TestEnrollctlSetAside : public QObject, private UploadRoom {
    Q_OBJECT

private Q_SLOTS:
    void init() { openRoom(); }

    void aRecordThatIsGivenUpLeavesNothingUndecided()
    {
        record(1, 3);
        rejectedAre({2});
        QCOMPARE(upload().exitCode, 13);

        const auto run = upload(aside(idOf(2)));

        QVERIFY2(run.exitCode == 0, run.errors.constData());
        QVERIFY(run.isOneDocument());
        const auto now = run.document().value(QStringLiteral("setAside")).toArray();
        QCOMPARE(now.size(), 1);
        QCOMPARE(now.at(0).toObject().value(QStringLiteral("registrationId")).toString(), idOf(2));
        QCOMPARE(now.at(0).toObject().value(QStringLiteral("destination")).toString(), QStringLiteral("cloud"));
        QCOMPARE(run.document().value(QStringLiteral("rejectedEarlier")).toInt(), 0);

        const auto later = upload();
        QCOMPARE(later.exitCode, 0);
        QCOMPARE(later.document().value(QStringLiteral("setAside")).toArray().size(), 0);
        const auto cloud = later.document().value(QStringLiteral("destinations")).toArray().at(0).toObject();
        QCOMPARE(cloud.value(QStringLiteral("setAside")).toInt(), 1);
        QCOMPARE(m_service->held(), std::size_t{2});
        QCOMPARE(verify().exitCode, 0);
    }

    void theLogSaysWhoWhenAndWhy()
    {
        record(1, 2);
        rejectedAre({1});
        QCOMPARE(upload(aside(idOf(1))).exitCode, 0);
        const QStringList list{QStringLiteral("runs"), QStringLiteral("list"), QStringLiteral("--record"),
                               QStringLiteral("set-aside")};

        const auto listed = m_ctl->run(list + QStringList{QStringLiteral("--json")});
        const auto runs = listed.document().value(QStringLiteral("runs")).toArray();
        QCOMPARE(runs.size(), 1);
        const auto row = runs.at(0).toObject();
        QCOMPARE(row.value(QStringLiteral("recordState")).toString(), QStringLiteral("set-aside"));
        const auto told = row.value(QStringLiteral("setAside")).toArray().at(0).toObject();
        QCOMPARE(told.value(QStringLiteral("destination")).toString(), QStringLiteral("cloud"));
        QCOMPARE(told.value(QStringLiteral("by")).toString(), QStringLiteral("Q. Meier"));
        QCOMPARE(told.value(QStringLiteral("reason")).toString(), QStringLiteral("scrapped, 8D 4711"));
        const auto at = told.value(QStringLiteral("at")).toString().toUtf8();
        const QByteArray words{"set aside at " + at + " by Q. Meier: scrapped, 8D 4711"};
        QVERIFY2(m_ctl->run(list).output.contains("at cloud, " + words), m_ctl->run(list).output.constData());
        const auto shown =
            m_ctl->run({QStringLiteral("runs"), QStringLiteral("show"), row.value(QStringLiteral("runId")).toString()});
        QVERIFY2(shown.output.contains("cloud: set-aside U-4"), shown.output.constData());
        QVERIFY2(shown.output.contains(words), shown.output.constData());
        QCOMPARE(lastAct().value(QStringLiteral("what")).toString(), QStringLiteral("records-set-aside"));
        QCOMPARE(lastAct().value(QStringLiteral("operator")).toString(), QStringLiteral("Q. Meier"));
        QVERIFY(!lastAct().value(QStringLiteral("account")).toString().isEmpty());
    }

    void aRetryTakesItBack()
    {
        record(1, 2);
        rejectedAre({1});
        QCOMPARE(upload(aside(idOf(1))).exitCode, 0);
        m_service->mend();

        QCOMPARE(upload({QStringLiteral("--retry-rejected")}).document().value(QStringLiteral("accepted")).toInt(), 0);
        const auto run = upload({QStringLiteral("--retry"), idOf(1)});

        QVERIFY2(run.exitCode == 0, run.errors.constData());
        QCOMPARE(run.document().value(QStringLiteral("accepted")).toInt(), 1);
        QCOMPARE(m_service->held(), std::size_t{2});
        QCOMPARE(verify().exitCode, 0);
    }

    void theFileForTheServiceLacksItAndSaysSo()
    {
        record(1, 2);
        rejectedAre({1});
        QCOMPARE(upload(aside(idOf(1))).exitCode, 0);
        const QStringList bulk{QStringLiteral("export"), QStringLiteral("--format"), QStringLiteral("dps-bulk"),
                               QStringLiteral("--output"), m_ctl->path(QStringLiteral("bulk.json"))};
        const auto run = m_ctl->run(bulk);
        QVERIFY2(run.output.startsWith("1 record written to "), run.output.constData());
        QVERIFY2(run.output.endsWith("; 1 that is set aside was left out\n"), run.output.constData());
        const auto document = m_ctl->run(bulk + QStringList{QStringLiteral("--json")}).document();
        QCOMPARE(document.value(QStringLiteral("leftOutAsSetAside")).toInt(), 1);
    }

    void aRenamedDestinationDoesNotGetIt()
    {
        record(1, 2);
        rejectedAre({1});
        QCOMPARE(upload(aside(idOf(1))).exitCode, 0);
        m_service->mend();
        nameDestination("azure");

        const auto run = upload();

        QVERIFY2(run.exitCode == 0, run.errors.constData());
        QCOMPARE(run.document().value(QStringLiteral("accepted")).toInt(), 1);
        const auto azure = run.document().value(QStringLiteral("destinations")).toArray().at(0).toObject();
        QCOMPARE(azure.value(QStringLiteral("leftOutAsSetAside")).toInt(), 1);
        QCOMPARE(m_service->held(), std::size_t{1});
        const auto told = m_ctl->run({QStringLiteral("upload")}).output;
        QVERIFY2(told.contains("1 record is set aside at another destination"), told.constData());

        QCOMPARE(upload({QStringLiteral("--retry"), idOf(1)}).document().value(QStringLiteral("accepted")).toInt(), 1);
        QCOMPARE(m_service->held(), std::size_t{2});
        const auto listed = m_ctl->run({QStringLiteral("runs"), QStringLiteral("list")}).output;
        QVERIFY2(listed.contains("  at azure, accepted\n"), listed.constData());
        QCOMPARE(verify().exitCode, 0);
    }

    void whatIsNotRejectedIsRefused_data()
    {
        QTest::addColumn<QString>("id");
        QTest::addColumn<QString>("why");
        QTest::newRow("accepted") << idOf(2) << QStringLiteral("it was accepted");
        QTest::newRow("unknown") << QStringLiteral("nobody") << QStringLiteral("no record has this registration id");
        QTest::newRow("the second time") << idOf(1) << QStringLiteral("it is set aside already");
    }
    void whatIsNotRejectedIsRefused()
    {
        QFETCH(QString, id);
        QFETCH(QString, why);
        record(1, 2);
        rejectedAre({1});
        QCOMPARE(upload(aside(idOf(1))).exitCode, 0);
        record(3, 3);
        const auto before = m_service->server().requests().size();

        const auto run = upload(aside(id));

        QCOMPARE(run.exitCode, 2);
        QCOMPARE(run.text("code"), QStringLiteral("S-339"));
        const auto detail = run.text("detail");
        QVERIFY2(detail.contains(QStringLiteral("--set-aside ") + id + QStringLiteral(": ") + why), qPrintable(detail));
        QCOMPARE(m_service->server().requests().size(), before); // nothing was sent either
    }

    void aRecordThatWaitsIsGivenUpUnsent()
    {
        record(1, 2);
        const auto run = upload(aside(idOf(2)));
        QVERIFY2(run.exitCode == 0, run.errors.constData());
        QCOMPARE(run.document().value(QStringLiteral("accepted")).toInt(), 1);
        QCOMPARE(m_service->held(), std::size_t{1});
        QCOMPARE(upload({QStringLiteral("--retry"), idOf(2)}).document().value(QStringLiteral("accepted")).toInt(), 1);
        QCOMPARE(verify().exitCode, 0);
    }

    /// Round after round: given up, retried, refused in the same words, given up.
    void whatIsRefusedAlikeIsGivenUpOnceTheServiceSaysThatItIsNotThere()
    {
        record(1, 2);
        m_service->refuse(RefusingService::Refuses::EveryItem, 400208, "No hub is linked");
        QCOMPARE(upload().exitCode, 13);
        for (int round = 0; round < 2; ++round) {
            const auto run = upload(aside(idOf(1)) + QStringList{QStringLiteral("--set-aside"), idOf(2)});
            QVERIFY2(run.exitCode == 0, run.errors.constData());
            QCOMPARE(run.document().value(QStringLiteral("setAside")).toArray().size(), 2);

            const auto again = upload({QStringLiteral("--retry"), idOf(1), QStringLiteral("--retry"), idOf(2)});
            QCOMPARE(again.exitCode, 13);
            const auto cloud = again.document().value(QStringLiteral("destinations")).toArray().at(0).toObject();
            QCOMPARE(cloud.value(QStringLiteral("refusedAlike")).toArray().size(), 2);
        }
        m_service->mend();
        QCOMPARE(upload().document().value(QStringLiteral("accepted")).toInt(), 2);
        QCOMPARE(verify().exitCode, 0);
    }

    void whatTheServiceHoldsIsDeliveredInstead()
    {
        record(1, 1);
        QCOMPARE(upload().exitCode, 0);
        QVERIFY(QDir{m_ctl->dataDirectory()}.removeRecursively());
        record(1, 1); // as by a station whose upload was killed before the answer
        const auto outbox =
            require(db::journal::SqliteOutbox::open({.dataDirectory = data(), .destinations = {kCloud}}, kCloud));
        require(outbox->markSent(std::array{require(outbox->pending(1, 0)).front().id}));

        const auto run = upload(aside(idOf(1)));

        QVERIFY2(run.exitCode == 0, run.errors.constData());
        QCOMPARE(run.document().value(QStringLiteral("setAside")).toArray().size(), 0);
        QCOMPARE(run.document().value(QStringLiteral("foundDelivered")).toArray().size(), 1);
        QCOMPARE(m_service->createdTwice(), 0);
        QCOMPARE(verify().exitCode, 0);
    }

    void aServiceThatDoesNotAnswerLeavesAllAsItIs()
    {
        record(1, 2);
        m_service->refuse(RefusingService::Refuses::EveryItem, 400208, "No hub is linked");
        QCOMPARE(upload().exitCode, 13);
        const auto entries = entriesIn(data());
        m_service->refuse(RefusingService::Refuses::EveryCall, 500001, "down");

        const auto run = upload(aside(idOf(1)));

        QCOMPARE(run.exitCode, 12);
        QCOMPARE(run.text("code"), QStringLiteral("U-500"));
        QVERIFY(run.text("detail").contains(QStringLiteral("nothing was set aside")));
        QCOMPARE(entriesIn(data()), entries);
    }

    void aServiceThatAnswersSoOfAnyIdLeavesAllAsItIs_data()
    {
        QTest::addColumn<int>("errorCode");
        QTest::newRow("its instance is gone") << 404000;
        QTest::newRow("it does not know the version") << 400002;
        QTest::newRow("it does not like the id") << 400007;
    }
    void aServiceThatAnswersSoOfAnyIdLeavesAllAsItIs()
    {
        QFETCH(int, errorCode);
        record(1, 1);
        const auto outbox =
            require(db::journal::SqliteOutbox::open({.dataDirectory = data(), .destinations = {kCloud}}, kCloud));
        require(outbox->markSent(std::array{require(outbox->pending(1, 0)).front().id}));
        const auto entries = entriesIn(data());
        m_service->refuse(RefusingService::Refuses::EveryCall, errorCode, "not here");

        const auto run = upload(aside(idOf(1)));

        QVERIFY(run.exitCode != 0);
        const auto detail = run.text("detail");
        QVERIFY2(detail.contains(QStringLiteral("does not say whether it holds ") + idOf(1)), qPrintable(detail));
        QVERIFY2(detail.contains(QString::number(errorCode)), qPrintable(detail));
        QCOMPARE(entriesIn(data()), entries);
        m_service->mend();
        QCOMPARE(upload(aside(idOf(1))).exitCode, 0);
        QCOMPARE(verify().exitCode, 0);
    }

    void nothingIsGivenUpWhileAnotherProgramSendsIt()
    {
        record(1, 1);
        const auto other =
            require(db::journal::SqliteOutbox::open({.dataDirectory = data(), .destinations = {kCloud}}, kCloud));
        QVERIFY(require(other->claim()));
        const auto run = upload(aside(idOf(1)));
        QCOMPARE(run.text("code"), QStringLiteral("S-302"));
        QVERIFY(run.text("nextStep").startsWith(QLatin1String("Close the other program"))); // else it is sent
        other->release();
        QCOMPARE(upload(aside(idOf(1))).exitCode, 0);
        QCOMPARE(m_service->held(), std::size_t{0});
    }

    void aRetryThatIsRefusedAsBeforeIsRejectedAgain()
    {
        record(1, 2);
        rejectedAre({1});
        for (int round = 0; round < 2; ++round) {
            const auto run =
                upload({QStringLiteral("--retry"), idOf(1)}); // alone: the service creates nothing beside it
            QCOMPARE(run.exitCode, 13);
            QCOMPARE(run.document().value(QStringLiteral("rejected")).toArray().size(), 1);
            QCOMPARE(run.document().value(QStringLiteral("left")).toInt(), 0);
        }
        QCOMPARE(upload(aside(idOf(1))).exitCode, 0);
        QCOMPARE(verify().exitCode, 0);
    }

    void whoAndWhyMustBeSaid_data()
    {
        QTest::addColumn<QStringList>("options");
        const auto all = aside(QStringLiteral("x"));
        QTest::newRow("no reason") << all.mid(0, 2) + all.mid(4);
        QTest::newRow("nobody") << all.mid(0, 4);
        QTest::newRow("nothing to set aside") << all.mid(2);
        QTest::newRow("a reason of two lines") << all.mid(0, 3) + QStringList{QStringLiteral("a\nb")} + all.mid(4);
        QTest::newRow("with a retry") << all + QStringList{QStringLiteral("--retry"), QStringLiteral("y")};
        QTest::newRow("with all retries") << all + QStringList{QStringLiteral("--retry-rejected")};
    }
    void whoAndWhyMustBeSaid()
    {
        QFETCH(QStringList, options);
        const auto run = upload(options);
        QCOMPARE(run.exitCode, 2);
        QCOMPARE(run.text("code"), QStringLiteral("S-331"));
    }

    void anAlteredJournalSetsNothingAside()
    {
        record(1, 2);
        rejectedAre({1});
        QCOMPARE(tamperWith(data(), "UPDATE run SET slot = slot + 1 WHERE seq = 2"), 1);
        QCOMPARE(upload(aside(idOf(1))).exitCode, 14);
        QCOMPARE(tamperWith(data(), "UPDATE run SET slot = slot - 1 WHERE seq = 2"), 1);
        QCOMPARE(upload().document().value(QStringLiteral("rejectedEarlier")).toInt(), 1);
    }
};

QTEST_GUILESS_MAIN(TestEnrollctlSetAside)
#include "tst_enrollctl_set_aside.moc"
