#include "tests/db/dps/dps_upload_fixture.h"

#include <QtTest>

using namespace enroll;
using namespace enroll::test;

/// What the destination makes of single answers, seen from the outbox.
class TestDpsDestination : public QObject, private DpsUploadFixture {
    Q_OBJECT

private Q_SLOTS:
    void init() { reset(); }
    void sendsTwentyThreeRecordsInThreeCallsOfAtMostTen();
    void acceptsAConflictWithTheSameKey();
    void rejectsAConflictWithAnotherKey();
    void rejectsWhatTheServiceHoldsOtherwise_data();
    void rejectsWhatTheServiceHoldsOtherwise();
    void doubtsARecordWhileAGatewayAnswersForTheService();
    void keepsMixedOutcomesApart();
    void honoursRetryAfter();
    void goesOnAfterTheServiceWasUnavailable();
    void readsBackAfterALostAnswer();
    void sendsOneByOneWhenARecordSpoilsTheCall();
    void sendsAgainWhatAnUnsuccessfulCallDidNotCreate();
    void rejectsWhatWasInDoubtUnderAnIdTheServiceCannotHold();
    void goesOnPastARecordThatCannotBeReadBack();
    void goesOnPastARecordThatAGatewayWillNotPass();
    void stopsOnRefusedSignInAndLeavesRecordsOpen();
    void sendsNothingToAServerItCannotVerify();
    void doubtsAnAnswerItCannotRead();
    void keepsWithinItsRate();
    void losesNothingWhenStoppedInACall();
    void aProbeChangesNothing();
    void aProbeSaysWhatAnUploadWouldMeet_data();
    void aProbeSaysWhatAnUploadWouldMeet();
    void aProbeMeetsWhoeverIsNotVouchedFor();
};

void TestDpsDestination::sendsTwentyThreeRecordsInThreeCallsOfAtMostTen()
{
    fill(23);

    const auto report = drain();

    QCOMPARE(log(), (Lines{"POST 10", "POST 10", "POST 3"}));
    QCOMPARE(idsIn(m_server->requests().at(2)).first(), QStringLiteral("dev-021"));
    QCOMPARE(report.accepted, std::size_t{23});
    QCOMPARE(m_outbox->count(RecordState::Accepted), 23);
}

void TestDpsDestination::acceptsAConflictWithTheSameKey()
{
    fill(2);
    m_server->then({200, bulkResult({bulkRefusal(idNumber(1), 409201)})});
    holds({1, 2});

    const auto report = drain();

    QCOMPARE(log(), (Lines{"POST 2", "GET dev-001", "GET dev-002"}));
    QCOMPARE(report.accepted, std::size_t{2});
}

void TestDpsDestination::rejectsAConflictWithAnotherKey()
{
    fill(2);
    m_server->then({200, bulkResult({bulkRefusal(idNumber(1), 409201)})});
    m_server->then({200, enrollmentBody("dev-001", recordNumber(7).endorsementKey)});
    holds({2});

    const auto report = drain();

    QCOMPARE(report.accepted, std::size_t{1});
    QCOMPARE(m_outbox->closing(0).code, std::string{"U-409"});
    QCOMPARE(m_outbox->entry(0).state, RecordState::Rejected);
}

void TestDpsDestination::rejectsWhatTheServiceHoldsOtherwise_data()
{
    QTest::addColumn<bool>("answerLost");
    QTest::newRow("the id is said to exist") << false;
    QTest::newRow("read back after a lost answer") << true;
}

void TestDpsDestination::rejectsWhatTheServiceHoldsOtherwise()
{
    QFETCH(bool, answerLost);
    fill(1);
    const ScriptedAnswer exists{200, bulkResult({bulkRefusal(idNumber(1), 409201)})};
    m_server->then(answerLost ? ScriptedAnswer{.manner = Manner::DropBefore} : exists);
    m_server->then({200, enrollmentBody("dev-001", recordNumber(1).endorsementKey)
                             .replace(R"("enabled")", R"("disabled","deviceId":"other")")});

    const auto report = drain();

    QCOMPARE(report.accepted, std::size_t{0});
    QCOMPARE(m_outbox->entry(0).state, RecordState::Rejected);
    QCOMPARE(m_outbox->closing(0).code, std::string{"U-410"});
    QCOMPARE(m_outbox->closing(0).reason,
             std::string{R"(deviceId is "other" at the service and "dev-001" in the record; provisioningStatus is )"
                         R"("disabled" at the service and "enabled" in the record)"});
}

void TestDpsDestination::doubtsARecordWhileAGatewayAnswersForTheService()
{
    m_outbox->add(recordNumber(1), RecordState::Sent);
    m_server->otherwise([](const auto&) { return ScriptedAnswer{404, "<html>no such page</html>"}; });

    const auto report = drain();

    for (const auto& line : log()) { // never sent again
        QCOMPARE(line, std::string{"GET dev-001"});
    }
    QCOMPARE(report.stoppedBy->code, CloudCode::AnswerMalformed);
    QCOMPARE(m_outbox->entry(0).state, RecordState::Sent);
}

void TestDpsDestination::keepsMixedOutcomesApart()
{
    fill(4);
    m_server->then({200, bulkResult({bulkRefusal(idNumber(2), 400004, "bad key"), bulkRefusal(idNumber(3), 429001)})});
    holds({1, 4});

    const auto report = drain();

    QCOMPARE(log(), (Lines{"POST 4", "GET dev-001", "GET dev-004", "POST 1"})); // number 3 again, alone
    QCOMPARE(idsIn(m_server->requests().at(3)), QStringList{QStringLiteral("dev-003")});
    QCOMPARE(report.accepted, std::size_t{3});
    QCOMPARE(m_outbox->closing(1), (OutboxClosing{2, RecordState::Rejected, "U-400", "400004 bad key"}));
}

void TestDpsDestination::honoursRetryAfter()
{
    fill(1);
    auto busy = refusal(429001);
    busy.headers = {{"Retry-After", "42"}};
    m_server->then(busy);

    const auto report = drain();

    QCOMPARE(report.accepted, std::size_t{1});
    QCOMPARE(m_waiting->waits(), std::vector{std::chrono::milliseconds{42000}});
}

void TestDpsDestination::goesOnAfterTheServiceWasUnavailable()
{
    fill(3);
    m_server->then(refusal(503000));

    const auto report = drain();

    QCOMPARE(log(), (Lines{"POST 3", "POST 3"}));
    QCOMPARE(report.accepted, std::size_t{3});
}

void TestDpsDestination::readsBackAfterALostAnswer()
{
    fill(2);
    m_server->then(ScriptedAnswer{.manner = Manner::DropBefore});
    m_server->then({200, enrollmentBody("dev-001", recordNumber(1).endorsementKey)});
    m_server->then(refusal(404201));

    const auto report = drain();

    QCOMPARE(log(), (Lines{"POST 2", "GET dev-001", "GET dev-002", "POST 1"}));
    QCOMPARE(idsIn(m_server->requests().at(3)), QStringList{QStringLiteral("dev-002")});
    QCOMPARE(report.accepted, std::size_t{2});
}

void TestDpsDestination::sendsOneByOneWhenARecordSpoilsTheCall()
{
    fill(10);
    m_server->otherwise([](const RecordedRequest& request) {
        const bool spoiled = idsIn(request).contains(QStringLiteral("dev-004"));
        return spoiled ? refusal(400004, "bad key") : ScriptedAnswer{.body = bulkDone()};
    });

    const auto report = drain();

    QCOMPARE(log().size(), std::size_t{12}); // all, the question whether any call would fare so, each
    QCOMPARE(report.accepted, std::size_t{9});
    QCOMPARE(report.rejected.size(), std::size_t{1});
    QCOMPARE(report.rejected[0].registrationId, idNumber(4));
    QCOMPARE(report.rejected[0].code, CloudCode::RefusedRequest);
}

void TestDpsDestination::sendsAgainWhatAnUnsuccessfulCallDidNotCreate()
{
    fill(2);
    m_server->then({200, bulkResult({bulkRefusal(idNumber(1), 400004, "bad key")})});
    m_server->then(refusal(404201));

    const auto report = drain();

    QCOMPARE(log(), (Lines{"POST 2", "GET dev-002", "POST 1"}));
    QCOMPARE(report.accepted, std::size_t{1});
    QCOMPARE(report.rejected.size(), std::size_t{1});
}

void TestDpsDestination::rejectsWhatWasInDoubtUnderAnIdTheServiceCannotHold()
{
    m_outbox->add(recordNumber(1), RecordState::Sent);
    m_outbox->add(recordNumber(2));
    m_server->otherwise([](const RecordedRequest& request) {
        const bool bad =
            request.target.find("dev-001") != std::string::npos || idsIn(request).contains(QStringLiteral("dev-001"));
        return bad ? refusal(400007, "no such id") : ScriptedAnswer{.body = bulkDone()};
    });

    const auto report = drain();

    QCOMPARE(log(), (Lines{"GET dev-001", "POST 2", "GET enrollment-station-question", "POST 1", "POST 1"}));
    QCOMPARE(report.accepted, std::size_t{1});
    QCOMPARE(m_outbox->closing(0), (OutboxClosing{1, RecordState::Rejected, "U-400", "400007 no such id"}));
}

void TestDpsDestination::goesOnPastARecordThatCannotBeReadBack()
{
    m_outbox->add(recordNumber(1), RecordState::Sent);
    m_outbox->add(recordNumber(2), RecordState::Sent);
    m_outbox->add(recordNumber(3));
    m_server->otherwise([](const RecordedRequest& request) {
        if (request.method == "POST") {
            return ScriptedAnswer{.body = bulkDone()};
        }
        const bool bad = request.target.find("dev-001") != std::string::npos;
        return bad ? refusal(405000, "no")
                   : ScriptedAnswer{200, enrollmentBody("dev-002", recordNumber(2).endorsementKey)};
    });

    const auto report = drain();

    QCOMPARE(report.accepted, std::size_t{2});
    QCOMPARE(report.left, std::size_t{1});
    QCOMPARE(report.stoppedBy->code, CloudCode::AnswerMalformed);
}

void TestDpsDestination::goesOnPastARecordThatAGatewayWillNotPass()
{
    fill(12);
    m_server->otherwise([](const RecordedRequest& request) {
        if (request.method == "GET") {
            return refusal(404201);
        }
        const bool bad = idsIn(request).contains(QStringLiteral("dev-001"));
        return bad ? ScriptedAnswer{413, "<html>too large</html>"} : ScriptedAnswer{.body = bulkDone()};
    });

    const auto report = drain();

    QCOMPARE(report.accepted, std::size_t{11});
    QCOMPARE(report.left, std::size_t{1});
    QVERIFY(report.rejected.empty());
    QCOMPARE(report.stoppedBy->code, CloudCode::AnswerMalformed);
}

void TestDpsDestination::stopsOnRefusedSignInAndLeavesRecordsOpen()
{
    fill(12);
    m_server->then(refusal(401002, "Unauthorized"));

    const auto report = drain();

    QCOMPARE(m_server->requests().size(), std::size_t{1});
    QCOMPARE(report.stoppedBy->code, CloudCode::RefusedSignIn);
    QCOMPARE(report.left, std::size_t{12});
}

void TestDpsDestination::sendsNothingToAServerItCannotVerify()
{
    fill(1);
    const ScriptedHttpsServer stranger;

    const auto report = drainWith(stranger.caFile());

    QVERIFY(m_server->requests().empty());
    QCOMPARE(report.stoppedBy->code, CloudCode::CertificateInvalid);
    QCOMPARE(report.left, std::size_t{1});
    QCOMPARE(m_outbox->entry(0).state, RecordState::Queued);
}

void TestDpsDestination::doubtsAnAnswerItCannotRead()
{
    fill(1);
    m_server->then({200, "<html>sign in to the factory network</html>"});
    m_server->then({200, enrollmentBody("dev-001", recordNumber(1).endorsementKey)});

    const auto report = drain();

    QCOMPARE(log(), (Lines{"POST 1", "GET dev-001"}));
    QCOMPARE(report.accepted, std::size_t{1});
}

void TestDpsDestination::keepsWithinItsRate()
{
    fill(30);

    drainWith(m_server->caFile(), {}, 1);

    QCOMPARE(m_waiting->waits(),
             (std::vector<std::chrono::milliseconds>{std::chrono::minutes{1}, std::chrono::minutes{1}}));
}

void TestDpsDestination::losesNothingWhenStoppedInACall()
{
    fill(3);
    std::stop_source source;
    m_server->then([&source](const auto&) {
        source.request_stop();
        return ScriptedAnswer{.manner = Manner::Stall};
    });

    const auto stopped = drain(source.get_token());
    QCOMPARE(stopped.stoppedBy->code, DeviceCode::Cancelled);
    QCOMPARE(m_outbox->count(RecordState::Sent), 3);

    for (int i = 1; i <= 3; ++i) {
        m_server->then({200, enrollmentBody(idNumber(i).text(), recordNumber(i).endorsementKey)});
    }
    const auto resumed = drain();
    QCOMPARE(log(), (Lines{"POST 3", "GET dev-001", "GET dev-002", "GET dev-003"}));
    QCOMPARE(resumed.accepted, std::size_t{3});
}

void TestDpsDestination::aProbeChangesNothing()
{
    mend();
    const auto probed = destinationWith(m_server->caFile()).probe({});
    QVERIFY2(probed.ok(), probed.ok() ? "" : probed.error().what.c_str());
    QCOMPARE(log().size(), std::size_t{1});
    QVERIFY(log().front().starts_with("GET "));

    // Somebody enrolled the id that nobody has: the service answered what it was asked.
    m_server->then({200, enrollmentBody("enrollment-station-question", recordNumber(1).endorsementKey)});
    QVERIFY(destinationWith(m_server->caFile()).probe({}).ok());
}

void TestDpsDestination::aProbeSaysWhatAnUploadWouldMeet_data()
{
    QTest::addColumn<int>("errorCode");
    QTest::addColumn<QString>("code");
    QTest::newRow("a key that is none of the service's") << 401002 << QStringLiteral("U-401");
    QTest::newRow("another path, or no such service") << 404001 << QStringLiteral("U-404");
    QTest::newRow("another API version") << 400004 << QStringLiteral("U-400");
    QTest::newRow("busy") << 429001 << QStringLiteral("U-429");
    QTest::newRow("broken") << 500001 << QStringLiteral("U-500");
}

void TestDpsDestination::aProbeSaysWhatAnUploadWouldMeet()
{
    QFETCH(const int, errorCode);
    QFETCH(const QString, code);
    m_server->otherwise([errorCode](const RecordedRequest&) { return refusal(errorCode); });
    const auto probed = destinationWith(m_server->caFile()).probe({});
    QVERIFY(!probed.ok());
    QCOMPARE(QString::fromUtf8(describe(probed.error().code).text.data()), code);
}

void TestDpsDestination::aProbeMeetsWhoeverIsNotVouchedFor()
{
    const ScriptedHttpsServer other;
    const auto stranger = destinationWith(other.caFile()).probe({});
    QVERIFY(!stranger.ok());
    QCOMPARE(stranger.error().code, CloudCode::CertificateInvalid);

    std::stop_source stop;
    stop.request_stop();
    QCOMPARE(destinationWith(m_server->caFile()).probe(stop.get_token()).error().code, DeviceCode::Cancelled);
}

QTEST_GUILESS_MAIN(TestDpsDestination)
#include "tst_dps_destination.moc"
