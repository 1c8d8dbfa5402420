#include "db/documents/enrollment_record_document.h"
#include "tests/app/enrollctl/upload_room.h"
#include "tests/support/journal_fixture.h"

#include <QJsonArray>
#include <QTest>

using namespace enroll;
using namespace enroll::test;

namespace {

using Refuses = RefusingService::Refuses;

} // namespace

/// `upload` as a process, against a service that refuses.
class TestEnrollctlUpload : public QObject, private UploadRoom {
    Q_OBJECT

private Q_SLOTS:
    void init() { openRoom(); }
    void aServiceThatRefusesEverythingClosesNothing_data();
    void aServiceThatRefusesEverythingClosesNothing();
    void aRejectedRecordIsSentAgainWhenItIsAskedFor();
    void everyRejectedRecordIsSentAgain();
    void aRecordThatIsRejectedOnceMoreCanBeRetriedOnceMore();
    void whatWasNotRejectedIsNotQueuedAgain();
    void refusesBothWaysOfRetryingAtOnce();
    void aRetryWhileAnotherProgramSendsIsQueuedAndNotLost();
    void aRetryThatIsKilledIsReadBack();
    void whatANewerProgramWroteStaysInTheOutbox();
    void anAlteredJournalSendsNothing_data();
    void anAlteredJournalSendsNothing();
    void aForgedRecordIsNotSent();
    void whatWasAcceptedIsNotSentAgainByHand();
    void anAlteredJournalQueuesNothingAgain_data();
    void anAlteredJournalQueuesNothingAgain();
};

void TestEnrollctlUpload::aServiceThatRefusesEverythingClosesNothing_data()
{
    QTest::addColumn<int>("what");
    QTest::addColumn<int>("errorCode");
    QTest::addColumn<QByteArray>("message");
    QTest::newRow("every call") << int(Refuses::EveryCall) << 400004 << QByteArray{"Unsupported API version"};
    QTest::newRow("every item, a quota") << int(Refuses::EveryItem) << 403004 << QByteArray{"Quota reached"};
    QTest::newRow("every item, the same fault") << int(Refuses::EveryItem) << 400208 << QByteArray{"No hub is linked"};
}

void TestEnrollctlUpload::aServiceThatRefusesEverythingClosesNothing()
{
    QFETCH(int, what);
    QFETCH(int, errorCode);
    QFETCH(QByteArray, message);
    record(1, 12);
    m_service->refuse(static_cast<Refuses>(what), errorCode, message);

    for (int attempt = 0; attempt < 2; ++attempt) {
        const auto refused = upload();
        QCOMPARE(refused.exitCode, 13);
        QVERIFY(refused.isOneDocument());
        QCOMPARE(refused.document().value(QStringLiteral("rejected")).toArray().size(), 0);
        QCOMPARE(refused.document().value(QStringLiteral("left")).toInt(), 12);
        const auto destination = refused.document().value(QStringLiteral("destinations")).toArray().at(0).toObject();
        const auto why = destination.value(QStringLiteral("stoppedBy")).toObject();
        QCOMPARE(why.value(QStringLiteral("code")).toString(), QStringLiteral("U-416"));
        QVERIFY(why.value(QStringLiteral("detail")).toString().contains(QString::fromUtf8(message)));
        QVERIFY2(refused.errors.contains(message), refused.errors.constData());
    }
    QCOMPARE(m_service->held(), std::size_t{0});

    m_service->mend();
    const auto mended = upload();
    QVERIFY2(mended.exitCode == 0, mended.errors.constData());
    QCOMPARE(mended.document().value(QStringLiteral("accepted")).toInt(), 12);
    QCOMPARE(m_service->held(), std::size_t{12});
    QCOMPARE(m_service->createdTwice(), 0);
    QCOMPARE(verify().exitCode, 0);
}

void TestEnrollctlUpload::aRejectedRecordIsSentAgainWhenItIsAskedFor()
{
    record(1, 4);
    rejectedAre({2, 3});
    m_service->mend();
    const auto later = upload(); // nothing by itself, and not as if nothing were amiss
    QCOMPARE(later.exitCode, 13);
    QCOMPARE(later.document().value(QStringLiteral("accepted")).toInt(), 0);
    QCOMPARE(later.document().value(QStringLiteral("rejectedEarlier")).toInt(), 2);

    const auto run = upload({QStringLiteral("--retry"), idOf(2)});

    QCOMPARE(run.exitCode, 13); // the third is rejected still
    QCOMPARE(run.document().value(QStringLiteral("rejectedEarlier")).toInt(), 1);
    QVERIFY(run.isOneDocument());
    const auto again = run.document().value(QStringLiteral("queuedAgain")).toArray();
    QCOMPARE(again.size(), 1);
    QCOMPARE(again.at(0).toObject().value(QStringLiteral("registrationId")).toString(), idOf(2));
    QCOMPARE(again.at(0).toObject().value(QStringLiteral("destination")).toString(), QStringLiteral("cloud"));
    QCOMPARE(run.document().value(QStringLiteral("accepted")).toInt(), 1);
    QCOMPARE(m_service->held(), std::size_t{3});
    QCOMPARE(verify().exitCode, 0);
    QCOMPARE(lastAct().value(QStringLiteral("what")).toString(), QStringLiteral("records-queued-again"));
    QCOMPARE(lastAct().value(QStringLiteral("count")).toInt(), 1);
    QVERIFY(!lastAct().value(QStringLiteral("account")).toString().isEmpty());
}

void TestEnrollctlUpload::everyRejectedRecordIsSentAgain()
{
    record(1, 4);
    rejectedAre({2, 3});
    m_service->mend();

    const auto run = upload({QStringLiteral("--retry-rejected")});
    QCOMPARE(run.exitCode, 0);
    QCOMPARE(run.document().value(QStringLiteral("queuedAgain")).toArray().size(), 2);
    QCOMPARE(run.document().value(QStringLiteral("accepted")).toInt(), 2);

    const auto none = upload({QStringLiteral("--retry-rejected")});
    QCOMPARE(none.exitCode, 0);
    QCOMPARE(none.document().value(QStringLiteral("queuedAgain")).toArray().size(), 0);
    QCOMPARE(m_service->createdTwice(), 0);
}

void TestEnrollctlUpload::aRecordThatIsRejectedOnceMoreCanBeRetriedOnceMore()
{
    record(1, 2);
    rejectedAre({1});
    record(3, 3); // shows the service once more that takes others
    const auto second = upload({QStringLiteral("--retry"), idOf(1), QStringLiteral("--retry"), idOf(1).toUpper()});
    QCOMPARE(second.exitCode, 13);
    QCOMPARE(second.document().value(QStringLiteral("queuedAgain")).toArray().size(), 1);
    QCOMPARE(second.document().value(QStringLiteral("rejected")).toArray().size(), 1);

    m_service->mend();
    QCOMPARE(upload({QStringLiteral("--retry"), idOf(1)}).exitCode, 0);
    QCOMPARE(m_service->held(), std::size_t{3});
    QCOMPARE(verify().exitCode, 0);
}

void TestEnrollctlUpload::whatWasNotRejectedIsNotQueuedAgain()
{
    record(1, 3);
    rejectedAre({1});
    record(4, 4);
    const auto retry = QStringLiteral("--retry");
    const auto run = upload({retry, idOf(1), retry, idOf(2), retry, idOf(4), retry, QStringLiteral("nobody")});

    QCOMPARE(run.exitCode, 2);
    QVERIFY(run.isOneDocument());
    QCOMPARE(run.text("code"), QStringLiteral("S-339"));
    const auto detail = run.text("detail");
    QVERIFY2(detail.contains(idOf(2)) && detail.contains(idOf(4)) && detail.contains(QStringLiteral("nobody")),
             qPrintable(detail));
    QVERIFY(!detail.contains(idOf(1)));

    m_service->mend();
    QCOMPARE(upload().document().value(QStringLiteral("accepted")).toInt(), 1); // the fourth alone
}

void TestEnrollctlUpload::refusesBothWaysOfRetryingAtOnce()
{
    const auto run = upload({QStringLiteral("--retry-rejected"), QStringLiteral("--retry"), QStringLiteral("x")});
    QCOMPARE(run.exitCode, 2);
    QCOMPARE(run.text("code"), QStringLiteral("S-331"));
    QCOMPARE(m_service->server().requests().size(), std::size_t{0});
}

void TestEnrollctlUpload::aRetryWhileAnotherProgramSendsIsQueuedAndNotLost()
{
    record(1, 2);
    rejectedAre({1});
    m_service->mend();
    record(3, 3);
    m_service->stallOnce(); // the other upload keeps the destination to itself
    const auto other = m_ctl->start(uploadArguments({QStringLiteral("--follow")}));
    const auto before = m_service->server().requests().size();
    QTRY_COMPARE_WITH_TIMEOUT(m_service->server().requests().size(), before + 1, 30'000);

    const auto run = upload({QStringLiteral("--retry"), idOf(1)});

    QCOMPARE(run.exitCode, 12); // S-302: queued, and left to whoever sends next
    QVERIFY2(run.errors.contains("sends the records itself"), run.errors.constData());
    QVERIFY2(!run.errors.contains("Close the other program"), run.errors.constData());
    const auto destination = run.document().value(QStringLiteral("destinations")).toArray().at(0).toObject();
    const auto stoppedBy = destination.value(QStringLiteral("stoppedBy")).toObject();
    QCOMPARE(stoppedBy.value(QStringLiteral("code")).toString(), QStringLiteral("S-302"));
    QVERIFY(stoppedBy.value(QStringLiteral("nextStep")).toString().startsWith(QLatin1String("Nothing is to be done")));
    QCOMPARE(run.document().value(QStringLiteral("queuedAgain")).toArray().size(), 1);
    other->kill();
    QVERIFY(other->waitForFinished(5'000));

    const auto last = upload();
    QVERIFY2(last.exitCode == 0, last.errors.constData());
    QCOMPARE(last.document().value(QStringLiteral("accepted")).toInt(), 2);
    QCOMPARE(m_service->createdTwice(), 0);
    QCOMPARE(verify().exitCode, 0);
}

void TestEnrollctlUpload::aRetryThatIsKilledIsReadBack()
{
    record(1, 2);
    rejectedAre({1});
    m_service->mend();
    m_service->stallOnce();
    const auto before = m_service->server().requests().size();
    const auto killed = m_ctl->start(uploadArguments({QStringLiteral("--retry"), idOf(1)}));
    QTRY_COMPARE_WITH_TIMEOUT(m_service->server().requests().size(), before + 1, 30'000);
    killed->kill();
    QVERIFY(killed->waitForFinished(5'000));
    QCOMPARE(verify().exitCode, 0);

    const auto refused = upload({QStringLiteral("--retry"), idOf(1)}); // it is on its way already
    QCOMPARE(refused.exitCode, 2);
    const auto run = upload();
    QVERIFY2(run.exitCode == 0, run.errors.constData());
    QCOMPARE(run.document().value(QStringLiteral("accepted")).toInt(), 1);
    QCOMPARE(m_service->server().requests().at(before + 1).method, std::string{"GET"});
    QCOMPARE(m_service->createdTwice(), 0);
    QCOMPARE(verify().exitCode, 0);
}

void TestEnrollctlUpload::whatANewerProgramWroteStaysInTheOutbox()
{
    record(1, 3);
    commitOtherwise(data(), 3, bodyOf(3).replace("enrollment-record/1", "enrollment-record/99"));

    const auto run = upload();

    QCOMPARE(run.exitCode, 13);
    QCOMPARE(run.document().value(QStringLiteral("accepted")).toInt(), 2);
    QCOMPARE(run.document().value(QStringLiteral("left")).toInt(), 1);
    const QByteArray told{"not sent to cloud: 1 enrollment record, " + idOf(1).toUtf8() + " (schema is version 99)"};
    QVERIFY2(run.errors.contains(told), run.errors.constData());
    QCOMPARE(m_service->held(), std::size_t{2});
    QCOMPARE(verify().exitCode, 0);
}

/// Entries of this journal: 1 its birth, then for each device a run, a record and an outbox entry.
void TestEnrollctlUpload::anAlteredJournalSendsNothing_data()
{
    QTest::addColumn<QByteArray>("sql");
    QTest::addColumn<QByteArray>("named");
    QTest::addColumn<QStringList>("more");
    const auto row = [](const char* what, const char* sql, const char* named, const QStringList& more = {}) {
        QTest::newRow(what) << QByteArray{sql} << QByteArray{named} << more;
    };
    row("a record of a later call",
        "UPDATE chain_entry SET body = CAST(replace(body, 'GX-000012', 'GX-000099') AS BLOB) WHERE seq = 36",
        "entry 36, enrollment-record");
    row("an entry by hand", "UPDATE outbox_entry SET state = 'sent' WHERE seq = 4", "entry 4, outbox-entry");
    row("a rejection by hand", "UPDATE outbox_entry SET state = 'rejected' WHERE seq = 4", "entry 4, outbox-entry",
        {QStringLiteral("--retry-rejected")});
    row("a rejection by hand, named", "UPDATE outbox_entry SET state = 'rejected' WHERE seq = 4",
        "entry 4, outbox-entry", {QStringLiteral("--retry"), idOf(1)});
    row("an entry removed", "DELETE FROM outbox_entry WHERE seq = 4", "entry 4, outbox-entry");
    row("a record's row removed", "DELETE FROM enrollment_record WHERE seq = 3", "entry 3, enrollment-record");
    row("the end of the chain", "UPDATE chain_head SET hash = zeroblob(32)", "entry 38, journal");
    row("no end of the chain", "DELETE FROM chain_head", "entry ");
    row("no identity", "DELETE FROM meta WHERE key = 'journal_id'", "entry 0, database");
    row("a record that the chain does not hold",
        "INSERT INTO enrollment_record SELECT 99, 'x', 'x', x'00', 'x', 'x', 0", "entry 0, enrollment-record");
}

void TestEnrollctlUpload::anAlteredJournalSendsNothing()
{
    QFETCH(QByteArray, sql);
    QFETCH(QByteArray, named);
    QFETCH(QStringList, more);
    record(1, 12);
    QCOMPARE(tamperWith(data(), sql.constData()), 1);

    const auto run = upload(more);

    QCOMPARE(run.exitCode, 14);
    QVERIFY(run.isOneDocument());
    QCOMPARE(m_service->held(), std::size_t{0});
    QVERIFY2(run.errors.contains("S-303"), run.errors.constData());
    QVERIFY2(run.errors.contains(QByteArray{"journal.sqlite: " + named}), run.errors.constData());
}

void TestEnrollctlUpload::aForgedRecordIsNotSent()
{
    record(1, 3);
    const DeviceFigure figure{2};
    auto forged = figure.recordOf(figure.passingRun());
    forged.deviceId = "ATTACKER";
    forgeEntry(data(), 6, db::documents::canonicalBytes(forged));

    const auto run = upload();

    QCOMPARE(run.exitCode, 14);
    QCOMPARE(m_service->server().requests().size(), std::size_t{0});
    QVERIFY2(run.errors.contains("journal.sqlite: entry "), run.errors.constData());
}

void TestEnrollctlUpload::whatWasAcceptedIsNotSentAgainByHand()
{
    record(1, 1);
    QCOMPARE(upload().exitCode, 0);
    const auto before = m_service->server().requests().size();
    QCOMPARE(tamperWith(data(), "DELETE FROM delivery_event"), 2);
    QCOMPARE(tamperWith(data(), "UPDATE outbox_entry SET state = 'queued', attempts = 0"), 1);

    QCOMPARE(upload().exitCode, 14);
    QCOMPARE(m_service->server().requests().size(), before);
}

void TestEnrollctlUpload::anAlteredJournalQueuesNothingAgain_data()
{
    QTest::addColumn<QStringList>("retry");
    QTest::newRow("all that is rejected") << QStringList{QStringLiteral("--retry-rejected")};
    QTest::newRow("by name") << QStringList{QStringLiteral("--retry"), idOf(1)};
}

void TestEnrollctlUpload::anAlteredJournalQueuesNothingAgain()
{
    QFETCH(QStringList, retry);
    record(1, 2);
    rejectedAre({1});
    m_service->mend();
    QCOMPARE(tamperWith(data(), "UPDATE run SET slot = slot + 1 WHERE seq = 2"), 1);

    const auto run = upload(retry);

    QCOMPARE(run.exitCode, 14);
    QVERIFY2(run.errors.contains("journal.sqlite: entry 2, run"), run.errors.constData());
    QCOMPARE(tamperWith(data(), "UPDATE run SET slot = slot - 1 WHERE seq = 2"), 1);
    QCOMPARE(upload().document().value(QStringLiteral("accepted")).toInt(), 0); // it is rejected still
    QCOMPARE(verify().exitCode, 0);
}

QTEST_GUILESS_MAIN(TestEnrollctlUpload)
#include "tst_enrollctl_upload.moc"
