#include "core/base/cloud_code.h"
#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "tests/db/registration/registration_fixture.h"
#include "tests/support/code_text.h"

#include <QtTest>

using namespace enroll;
using namespace enroll::test;

/// The device's side against a server that plays the service, with real keys and real challenges.
class TestRegistrationClient : public QObject, private RegistrationFixture {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { makeKeys(); }
    void init() { beginAnew(); }
    void cleanup() { QCOMPARE(m_tpm->loaded(), 0); } // on every path
    void provisionsADevice();
    void provesTheSecondKeyByUse();
    void waitsBetweenPollsAsTheServiceAsks();
    void neverPollsMoreThanFiveTimesInTenSeconds();
    void goesOnPollingWhileTheServiceIsBusy();
    void takesAnAssignmentWithoutPolling();
    void namesTheRefusalOfTheFirstRequest_data();
    void namesTheRefusalOfTheFirstRequest();
    void takesNoGatewaysWordForTheServices_data();
    void takesNoGatewaysWordForTheServices();
    void namesTheRefusalOfTheSignedRequest_data();
    void namesTheRefusalOfTheSignedRequest();
    void readsTheKeyThatTheProfileChooses();
    void givesUpAtItsDeadline();
    void stopsBetweenPolls();
    void sendsNothingToAServerItCannotVerify();
    void reportsATpmThatFails_data();
    void reportsATpmThatFails();
    void refusesAnUrlThatIsNotHttps();
};

void TestRegistrationClient::provisionsADevice()
{
    scriptGoodService();

    const auto assignment = must(run());

    QCOMPARE(assignment,
             (Assignment{kHub, "dev-1", enrollment::RegistrationId{"dev:1"}, "assigned", "initialAssignment"}));
    const auto requests = m_server->requests();
    QCOMPARE(requests.size(), std::size_t{3});
    QCOMPARE(requests[0].method, std::string{"PUT"});
    QCOMPARE(requests[0].target, std::string{kPath} + "/register?api-version=2021-06-01");
    QVERIFY(!requests[0].headers.contains("authorization"));
    QCOMPARE(requests[1].target, requests[0].target);
    QCOMPARE(requests[1].body, requests[0].body);
    QCOMPARE(requests[2].method, std::string{"GET"});
    QCOMPARE(requests[2].target, std::string{kPath} + "/operations/4.op-1?api-version=2021-06-01");
    QCOMPARE(requests[2].headers.at("authorization"), requests[1].headers.at("authorization"));
    const auto tpm = QJsonDocument::fromJson(requests[0].body)[QStringLiteral("tpm")].toObject();
    QCOMPARE(tpm.value(QStringLiteral("endorsementKey")).toString(),
             base64(attestation::marshalPublic(m_keys.endorsementKey.area)));
    QCOMPARE(tpm.value(QStringLiteral("storageRootKey")).toString(),
             base64(attestation::marshalPublic(m_keys.storageRootKey.area)));
}

void TestRegistrationClient::provesTheSecondKeyByUse()
{
    scriptGoodService();
    must(run());

    QCOMPARE(m_tpm->count(TpmCall::Activate), 3); // the station's own challenge goes first
    QCOMPARE(m_tpm->count(TpmCall::Sign), 3);
    const auto message = m_tpm->signedMessages().at(2);
    QVERIFY(asText(message).starts_with("hub-1.example%2Fdevices%2Fdev-1\n"));
}

void TestRegistrationClient::waitsBetweenPollsAsTheServiceAsks()
{
    m_server->then(challengeAnswer(m_first));
    auto later = json(202, assigning());
    later.headers = {{"Retry-After", "7"}};
    m_server->then(later);
    m_server->then(json(202, assigning()));
    m_server->then(json(200, assignedBody()));

    must(run());

    QCOMPARE(m_waiting->waits(), (std::vector{std::chrono::milliseconds{7000}, std::chrono::milliseconds{2000}}));
}

void TestRegistrationClient::neverPollsMoreThanFiveTimesInTenSeconds()
{
    m_server->then(challengeAnswer(m_first));
    auto eager = json(202, assigning());
    eager.headers = {{"Retry-After", "0"}};
    for (int i = 0; i < 6; ++i) {
        m_server->then(eager);
    }
    m_server->then(json(200, assignedBody()));

    must(run());

    for (const auto wait : m_waiting->waits()) {
        QVERIFY(wait >= std::chrono::seconds{2});
    }
    QCOMPARE(m_waiting->waits().size(), std::size_t{6});
}

void TestRegistrationClient::goesOnPollingWhileTheServiceIsBusy()
{
    m_server->then(challengeAnswer(m_first));
    m_server->then(json(202, assigning()));
    m_server->then(refusal(429001));
    m_server->then(refusal(503000));
    m_server->then(json(200, assignedBody()));

    QCOMPARE(must(run()).hub, std::string{kHub});
}

void TestRegistrationClient::takesAnAssignmentWithoutPolling()
{
    m_server->then(challengeAnswer(m_first));
    m_server->then(json(200, assignedBody()));

    QCOMPARE(must(run()).deviceId, std::string{"dev-1"});
    QVERIFY(m_waiting->waits().empty());
}

void TestRegistrationClient::namesTheRefusalOfTheFirstRequest_data()
{
    QTest::addColumn<int>("errorCode");
    QTest::addColumn<QString>("wanted");
    QTest::newRow("unknown registration id") << 404201 << test::textOf(CloudCode::DoesNotKnowId);
    QTest::newRow("unknown id scope") << 404002 << test::textOf(CloudCode::UnknownIdScope);
    QTest::newRow("other endorsement key") << 400004 << test::textOf(CloudCode::EkDiffers);
    QTest::newRow("401 without a challenge") << 401002 << test::textOf(CloudCode::RefusedSignature);
    QTest::newRow("busy") << 429001 << test::textOf(CloudCode::Busy);
    QTest::newRow("fault") << 500000 << test::textOf(CloudCode::Fault);
    QTest::newRow("something else") << 405000 << test::textOf(CloudCode::AnswerMalformed);
}

void TestRegistrationClient::namesTheRefusalOfTheFirstRequest()
{
    QFETCH(int, errorCode);
    QFETCH(QString, wanted);
    m_server->then(refusal(errorCode));

    const auto assignment = run();

    QVERIFY(!assignment);
    QCOMPARE(assignment.error().code, test::codeNamed(wanted));
    QCOMPARE(m_tpm->count(TpmCall::Activate), 0);
}

void TestRegistrationClient::takesNoGatewaysWordForTheServices_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("not found, a page") << 404 << QByteArray{"<html>no such page</html>"};
    QTest::newRow("not found, another form") << 404 << QByteArray{R"({"message":"no"})"};
    QTest::newRow("unauthorized, a page") << 401 << QByteArray{"<html>sign in</html>"};
}

void TestRegistrationClient::takesNoGatewaysWordForTheServices()
{
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    m_server->then(ScriptedAnswer{status, body});

    const auto assignment = run();

    QVERIFY(!assignment);
    QCOMPARE(assignment.error().code, CloudCode::AnswerMalformed);
}

void TestRegistrationClient::namesTheRefusalOfTheSignedRequest_data()
{
    const auto state = [](int errorCode) {
        return QJsonObject{{QStringLiteral("errorCode"), errorCode},
                           {QStringLiteral("errorMessage"), QStringLiteral("no")}};
    };
    const auto failed = [&](int errorCode) {
        return QJsonObject{{QStringLiteral("status"), QStringLiteral("failed")},
                           {QStringLiteral("registrationState"), state(errorCode)}};
    };
    QTest::addColumn<int>("status");
    QTest::addColumn<QJsonObject>("body");
    QTest::addColumn<QString>("wanted");
    const auto challenge = QJsonObject{{QStringLiteral("authenticationKey"), QStringLiteral("AAAA")}};
    QTest::newRow("signature refused") << 401 << QJsonObject{} << test::textOf(CloudCode::RefusedSignature);
    QTest::newRow("challenged again") << 401 << challenge << test::textOf(CloudCode::RefusedSignature);
    QTest::newRow("disabled") << 200 << QJsonObject{{QStringLiteral("status"), QStringLiteral("Disabled")}}
                              << test::textOf(CloudCode::EnrollmentDisabled);
    QTest::newRow("no hub") << 200 << failed(400208) << test::textOf(CloudCode::ProvisioningFailed);
    QTest::newRow("failed: unknown id") << 200 << failed(404201) << test::textOf(CloudCode::DoesNotKnowId);
    QTest::newRow("failed: other key") << 200 << failed(400004) << test::textOf(CloudCode::EkDiffers);
    QTest::newRow("unknown status") << 200 << QJsonObject{{QStringLiteral("status"), QStringLiteral("dancing")}}
                                    << test::textOf(CloudCode::AnswerMalformed);
    QTest::newRow("no status") << 200 << QJsonObject{} << test::textOf(CloudCode::AnswerMalformed);
    QTest::newRow("assigning without an operation")
        << 202 << QJsonObject{{QStringLiteral("status"), QStringLiteral("assigning")}}
        << test::textOf(CloudCode::AnswerMalformed);
}

void TestRegistrationClient::namesTheRefusalOfTheSignedRequest()
{
    QFETCH(int, status);
    QFETCH(QJsonObject, body);
    QFETCH(QString, wanted);
    m_server->then(challengeAnswer(m_first));
    m_server->then(json(status, body));

    const auto assignment = run();

    QVERIFY(!assignment);
    QCOMPARE(assignment.error().code, test::codeNamed(wanted));
}

void TestRegistrationClient::readsTheKeyThatTheProfileChooses()
{
    m_choice = {attestation::EkTemplate::TcgL2, attestation::EkChoice::Rule::OfTemplate};
    scriptGoodService();
    QVERIFY(run().ok());
    QCOMPARE(m_tpm->chosen(), std::optional{m_choice});
}

void TestRegistrationClient::givesUpAtItsDeadline()
{
    m_server->then(challengeAnswer(m_first));
    m_server->otherwise([](const auto&) { return json(202, assigning()); });

    const auto assignment = run();

    QVERIFY(!assignment);
    QCOMPARE(assignment.error().code, CloudCode::TimedOut);
    QCOMPARE(m_server->requests().size(), std::size_t{31}); // 2 to register, 29 polls in 60 s
}

void TestRegistrationClient::stopsBetweenPolls()
{
    m_server->then(challengeAnswer(m_first));
    m_server->otherwise([](const auto&) { return json(202, assigning()); });
    std::stop_source source;
    m_waiting->onWait([&source] { source.request_stop(); });

    const auto assignment = run(source.get_token());

    QVERIFY(!assignment);
    QCOMPARE(assignment.error().code, DeviceCode::Cancelled);
    QCOMPARE(m_server->requests().size(), std::size_t{2});
}

void TestRegistrationClient::sendsNothingToAServerItCannotVerify()
{
    const ScriptedHttpsServer stranger;
    auto wrong = order();
    wrong.caFile = stranger.caFile();

    const auto assignment = registerDevice(*m_tpm, wrong, {});

    QVERIFY(!assignment);
    QCOMPARE(assignment.error().code, CloudCode::CertificateInvalid);
    QVERIFY(m_server->requests().empty());
}

void TestRegistrationClient::reportsATpmThatFails_data()
{
    QTest::addColumn<int>("call");
    for (const auto call : {TpmCall::Connect, TpmCall::ReadEndorsementKey, TpmCall::ProvideStorageRootKey,
                            TpmCall::Activate, TpmCall::Sign}) {
        QTest::addRow("call %d", static_cast<int>(call)) << static_cast<int>(call);
    }
}

void TestRegistrationClient::reportsATpmThatFails()
{
    QFETCH(int, call);
    scriptGoodService();
    m_tpm->failOn(static_cast<TpmCall>(call), makeError(DeviceCode::TpmTimedOut, "no answer"));

    const auto assignment = run();

    QVERIFY(!assignment);
    QCOMPARE(assignment.error().code, DeviceCode::TpmTimedOut);
    QVERIFY(m_tpm->count(TpmCall::Release) >= 1);
}

void TestRegistrationClient::refusesAnUrlThatIsNotHttps()
{
    for (const auto* url : {"http://host", "host", "https://", "https://host/path", "https://me@host"}) {
        auto wrong = order();
        wrong.serviceUrl = url;
        const auto assignment = registerDevice(*m_tpm, wrong, {});
        QVERIFY(!assignment);
        QCOMPARE(assignment.error().code, StationCode::UsageInvalid);
    }
    QVERIFY(m_tpm->calls().empty());
}

QTEST_GUILESS_MAIN(TestRegistrationClient)
#include "tst_registration_client.moc"
