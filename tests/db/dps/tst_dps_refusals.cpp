#include "tests/db/dps/dps_upload_fixture.h"

#include <QtTest>

using namespace enroll;
using namespace enroll::test;

namespace {

enum class Refuses { Items, Calls };

/// Creates all of the call, or nothing if one of \p bad is in it.
ScriptedAnswer createWithout(const RecordedRequest& request, const QStringList& bad)
{
    QByteArrayList items;
    for (const auto& id : idsIn(request)) {
        if (bad.contains(id)) {
            items.append(bulkRefusal(enrollment::RegistrationId{id.toStdString()}, 400004, "bad key"));
        }
    }
    return {.body = items.isEmpty() ? bulkDone() : bulkResult(items)};
}

/// Refuses all that \p request wants to create.
ScriptedAnswer refuse(const RecordedRequest& request, Refuses what, int errorCode)
{
    if (what == Refuses::Calls) {
        return refusal(errorCode);
    }
    QByteArrayList items;
    for (const auto& id : idsIn(request)) {
        items.append(bulkRefusal(enrollment::RegistrationId{id.toStdString()}, errorCode, "refused"));
    }
    return {.body = bulkResult(items)};
}

} // namespace

/// Whose fault a refusal is: the record's, which closes it, or the service's, which closes nothing.
class TestDpsRefusals : public QObject, private DpsUploadFixture {
    Q_OBJECT

private Q_SLOTS:
    void init() { reset(); }
    void closesNothingWhileTheServiceRefusesEveryCall();
    void closesNothingWhileTheServiceRefusesEveryItem_data();
    void closesNothingWhileTheServiceRefusesEveryItem();
    void closesNothingThatIsRefusedWhileNothingIsCreated_data();
    void closesNothingThatIsRefusedWhileNothingIsCreated();
    void closesARefusedRecordOnceAnotherIsCreatedBesideIt();
    void closesNothingThatIsRefusedInTheSameWords();
    void closesRecordsThatAreRefusedInWordsOfTheirOwn();
    void badRecordsAtTheHeadHoldUpNobody();
    void sparesTheRecordsOfAServiceThatRefusesAnyCall();
    void showsWhoseFaultItIsWhereACallIsTakenWholeOrNotAtAll();
    void closesOnceMoreWhatIsRefusedAsBefore_data();
    void closesOnceMoreWhatIsRefusedAsBefore();
    void keepsLittleOfALongReason();
};

void TestDpsRefusals::closesNothingWhileTheServiceRefusesEveryCall()
{
    fill(12);
    m_server->otherwise([](const RecordedRequest&) { return refusal(400004, "Unsupported API version 2021-10-01."); });

    const auto refused = drain();

    QVERIFY(refused.rejected.empty());
    QCOMPARE(refused.left, std::size_t{12});
    QCOMPARE(refused.stoppedBy->code, CloudCode::RefusesAll);
    QVERIFY(refused.stoppedBy->what.starts_with("400004 Unsupported API version 2021-10-01.;"));

    mend();
    QCOMPARE(drain().accepted, std::size_t{12});
}

void TestDpsRefusals::closesNothingWhileTheServiceRefusesEveryItem_data()
{
    QTest::addColumn<int>("errorCode");
    QTest::newRow("a quota") << 403004;
    QTest::newRow("a right") << 401001;
    QTest::newRow("the same fault in each") << 400208;
}

void TestDpsRefusals::closesNothingWhileTheServiceRefusesEveryItem()
{
    QFETCH(int, errorCode);
    fill(12);
    m_server->otherwise(
        [errorCode](const RecordedRequest& request) { return refuse(request, Refuses::Items, errorCode); });

    const auto refused = drain();

    QVERIFY(refused.rejected.empty());
    QCOMPARE(refused.left, std::size_t{12});
    QCOMPARE(refused.stoppedBy->code, CloudCode::RefusesAll);

    mend();
    QCOMPARE(drain().accepted, std::size_t{12});
}

void TestDpsRefusals::closesNothingThatIsRefusedWhileNothingIsCreated_data()
{
    QTest::addColumn<Refuses>("what");
    QTest::addColumn<int>("answerToAQuestion");
    QTest::newRow("the item") << Refuses::Items << 404201;
    QTest::newRow("the call") << Refuses::Calls << 404201;
    QTest::newRow("the call, and every question") << Refuses::Calls << 400004;
}

/// As a line makes them: each record is sent before the next one exists.
void TestDpsRefusals::closesNothingThatIsRefusedWhileNothingIsCreated()
{
    QFETCH(Refuses, what);
    QFETCH(int, answerToAQuestion);
    m_server->otherwise([=](const RecordedRequest& request) {
        return request.method == "GET" ? refusal(answerToAQuestion) : refuse(request, what, 400208);
    });
    for (int i = 1; i <= 3; ++i) {
        m_outbox->add(recordNumber(i));
        QCOMPARE(drain().stoppedBy->code, CloudCode::RefusesAll);
    }
    QCOMPARE(m_outbox->count(RecordState::Rejected), 0);

    mend();
    QCOMPARE(drain().accepted, std::size_t{3});
}

void TestDpsRefusals::closesARefusedRecordOnceAnotherIsCreatedBesideIt()
{
    m_server->otherwise([](const RecordedRequest& request) {
        return request.method == "GET" ? refusal(404201) : createWithout(request, {QStringLiteral("dev-001")});
    });
    fill(1);
    drain();
    QCOMPARE(m_outbox->count(RecordState::Rejected), 0);

    m_outbox->add(recordNumber(2));
    const auto report = drain();

    QCOMPARE(report.accepted, std::size_t{1});
    QCOMPARE(m_outbox->closing(0), (OutboxClosing{1, RecordState::Rejected, "U-400", "400004 bad key"}));
}

/// A limit that is reached in the middle of a call, or a hub of the profile that the service does not know.
void TestDpsRefusals::closesNothingThatIsRefusedInTheSameWords()
{
    fill(13);
    m_server->otherwise([](const RecordedRequest& request) {
        return request.method == "GET" ? refusal(404201)
                                       : createWithout(request, {QStringLiteral("dev-002"), QStringLiteral("dev-009")});
    });

    const auto report = drain();

    QCOMPARE(report.accepted, std::size_t{11});
    QCOMPARE(report.left, std::size_t{2});
    QVERIFY(report.rejected.empty());
    QCOMPARE(report.stoppedBy->code, CloudCode::RefusesAll);
    QVERIFY(report.stoppedBy->what.starts_with("400004 bad key; 2 of 13 "));
    QCOMPARE(report.refusedAlike.size(), std::size_t{2});
    QCOMPARE(report.refusedAlike.front().registrationId, idNumber(2));
    QCOMPARE(report.refusedAlike.back().registrationId, idNumber(9));
    QCOMPARE(report.refusedAlike.back().reason, std::string{"400004 bad key"});

    mend();
    QCOMPARE(drain().accepted, std::size_t{2});
}

void TestDpsRefusals::closesRecordsThatAreRefusedInWordsOfTheirOwn()
{
    fill(10);
    const QStringList bad{QStringLiteral("dev-002"), QStringLiteral("dev-009")};
    m_server->otherwise([&bad](const RecordedRequest& request) {
        QByteArrayList items;
        for (const auto& id : idsIn(request)) {
            if (bad.contains(id)) {
                items.append(bulkRefusal(enrollment::RegistrationId{id.toStdString()}, 400004, "bad " + id.toUtf8()));
            }
        }
        return request.method == "GET" ? refusal(404201)
                                       : ScriptedAnswer{.body = items.isEmpty() ? bulkDone() : bulkResult(items)};
    });

    const auto report = drain();

    QCOMPARE(report.accepted, std::size_t{8});
    QCOMPARE(report.rejected.size(), std::size_t{2});
    QVERIFY(!report.stoppedBy);
}

void TestDpsRefusals::badRecordsAtTheHeadHoldUpNobody()
{
    QStringList bad;
    for (int i = 1; i <= 20; ++i) {
        bad.append(QString::fromStdString(idNumber(i).text()));
    }
    fill(26);
    m_server->otherwise([&bad](const RecordedRequest& request) { return createWithout(request, bad); });

    const auto report = drain();

    QCOMPARE(report.accepted, std::size_t{6});
    QCOMPARE(report.left, std::size_t{20});
    QVERIFY(report.rejected.empty());
    QCOMPARE(report.stoppedBy->code, CloudCode::RefusesAll);
}

void TestDpsRefusals::sparesTheRecordsOfAServiceThatRefusesAnyCall()
{
    fill(200);
    m_server->otherwise([](const RecordedRequest&) { return refusal(400004, "Unsupported API version 2021-10-01."); });

    drain();

    QCOMPARE(log(), (Lines{"POST 10", "GET enrollment-station-question"}));
}

void TestDpsRefusals::showsWhoseFaultItIsWhereACallIsTakenWholeOrNotAtAll()
{
    fill(10);
    m_server->otherwise([](const RecordedRequest& request) {
        return request.method == "GET" ? refusal(404201) : createWithout(request, {QStringLiteral("dev-004")});
    });

    const auto report = drain();

    QCOMPARE(log().front(), std::string{"POST 10"});
    QCOMPARE(log().back(), std::string{"POST 9"});
    QCOMPARE(report.accepted, std::size_t{9});
    QCOMPARE(report.rejected.size(), std::size_t{1});
    QVERIFY(m_waiting->waits().empty());
}

void TestDpsRefusals::closesOnceMoreWhatIsRefusedAsBefore_data()
{
    QTest::addColumn<Refuses>("what");
    QTest::addColumn<QString>("before");
    QTest::addColumn<bool>("closes");
    QTest::newRow("the item") << Refuses::Items << QStringLiteral("400208 refused") << true;
    QTest::newRow("the call") << Refuses::Calls << QStringLiteral("400208 no") << true;
    QTest::newRow("for another reason") << Refuses::Items << QStringLiteral("400004 bad key") << false;
    QTest::newRow("never rejected") << Refuses::Items << QString{} << false;
}

/// Alone, as after a retry: nothing else shows that the service takes others.
void TestDpsRefusals::closesOnceMoreWhatIsRefusedAsBefore()
{
    QFETCH(Refuses, what);
    QFETCH(QString, before);
    QFETCH(bool, closes);
    fill(1);
    m_outbox->rejectedBefore(0, before.toStdString());
    m_server->otherwise([=](const RecordedRequest& request) {
        return request.method == "GET"  ? refusal(404201)
               : what == Refuses::Calls ? refusal(400208, "no")
                                        : refuse(request, what, 400208);
    });

    const auto report = drain();

    QCOMPARE(m_outbox->count(RecordState::Rejected), closes ? 1 : 0);
    QCOMPARE(report.rejected.size(), closes ? std::size_t{1} : std::size_t{0});
    QCOMPARE(report.refusedAlike.size(), closes ? std::size_t{0} : std::size_t{1});
    QCOMPARE(report.stoppedBy.has_value(), !closes);
}

void TestDpsRefusals::keepsLittleOfALongReason()
{
    fill(2);
    m_server->otherwise([](const RecordedRequest& request) {
        auto answer = createWithout(request, {});
        if (request.method == "POST" && idsIn(request).contains(QStringLiteral("dev-001"))) {
            answer.body = bulkResult({bulkRefusal(idNumber(1), 400004, QByteArray(3'000'000, 'A'))});
        }
        return request.method == "GET" ? refusal(404201) : answer;
    });

    const auto report = drain();

    QCOMPARE(report.accepted, std::size_t{1});
    QVERIFY(m_outbox->closing(0).reason.size() < 1100);
    QVERIFY(m_outbox->closing(0).reason.ends_with("…"));
}

QTEST_GUILESS_MAIN(TestDpsRefusals)
#include "tst_dps_refusals.moc"
