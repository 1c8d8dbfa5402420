#include "core/attestation/activation_challenge.h"
#include "core/base/cloud_code.h"
#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "core/crypto/base64.h"
#include "core/crypto/sas_token.h"
#include "db/registration/registration_client.h"
#include "tests/support/code_text.h"
#include "tests/support/fake_device_tpm.h"
#include "tests/support/must.h"
#include "tests/support/scripted_https_server.h"
#include "tests/support/virtual_waiting.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest>

using namespace enroll;
using namespace enroll::db::dps;
using namespace enroll::db::registration;
using namespace enroll::delivery;
using namespace enroll::test;

namespace {

constexpr auto kPath = "/0ne00000001/registrations/dev%3A1";
constexpr auto kHub = "hub-1.example";

ScriptedAnswer json(int status, const QJsonObject& body)
{
    ScriptedAnswer answer;
    answer.status = status;
    answer.body = QJsonDocument{body}.toJson(QJsonDocument::Compact);
    return answer;
}

QJsonObject assigning()
{
    return {{QStringLiteral("operationId"), QStringLiteral("4.op-1")},
            {QStringLiteral("status"), QStringLiteral("assigning")}};
}

QString base64(ByteView bytes)
{
    return QString::fromStdString(crypto::toBase64(bytes));
}

} // namespace

/// The device's side against a server that plays the service, with real keys and real challenges.
class TestRegistrationClient : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void provisionsADevice();
    void answersTheChallengeWithTheKeyInside();
    void provesTheSecondKeyByUse();
    void waitsBetweenPollsAsTheServiceAsks();
    void neverPollsMoreThanFiveTimesInTenSeconds();
    void goesOnPollingWhileTheServiceIsBusy();
    void takesAnAssignmentWithoutPolling();
    void namesTheRefusalOfTheFirstRequest_data();
    void namesTheRefusalOfTheFirstRequest();
    void namesTheRefusalOfTheSignedRequest_data();
    void namesTheRefusalOfTheSignedRequest();
    void readsTheKeyThatTheProfileChooses();
    void refusesAChallengeForAnotherTpm();
    void refusesAServiceThatAsksForNoProof();
    void refusesAnAssignmentWithoutAKey();
    void refusesAnAssignmentOfAnotherDevice_data();
    void refusesAnAssignmentOfAnotherDevice();
    void givesUpAtItsDeadline();
    void stopsBetweenPolls();
    void sendsNothingToAServerItCannotVerify();
    void reportsATpmThatFails_data();
    void reportsATpmThatFails();
    void refusesAnUrlThatIsNotHttps();

private:
    [[nodiscard]] RegistrationOrder order() const
    {
        return {"https://" + m_server->authority(),
                "0ne00000001",
                enrollment::RegistrationId{"dev:1"},
                m_server->caFile(),
                m_choice,
                std::chrono::seconds{60}};
    }
    Result<Assignment> run(const std::stop_token& stop = {})
    {
        const auto https = must(HttpsClient::create({m_server->authority(), m_server->caFile()}));
        return registerDevice(*m_tpm, order(), *https, *m_waiting, stop);
    }
    attestation::ActivationChallenge challengeFor(const DeviceKeys& keys)
    {
        return must(attestation::makeActivationChallenge(keys.endorsementKey.area, keys.storageRootKey.area));
    }
    [[nodiscard]] ScriptedAnswer challengeAnswer(const attestation::ActivationChallenge& challenge) const
    {
        return json(401, {{QStringLiteral("message"), QStringLiteral("Authorization required")},
                          {QStringLiteral("authenticationKey"), base64(challenge.blob.marshal())},
                          {QStringLiteral("keyName"), QStringLiteral("registration")}});
    }
    [[nodiscard]] QJsonObject assignedBody() const
    {
        const QJsonObject tpm{{QStringLiteral("authenticationKey"), base64(m_second.blob.marshal())}};
        const QJsonObject state{{QStringLiteral("registrationId"), QStringLiteral("dev:1")},
                                {QStringLiteral("assignedHub"), QLatin1String(kHub)},
                                {QStringLiteral("deviceId"), QStringLiteral("dev-1")},
                                {QStringLiteral("status"), QStringLiteral("assigned")},
                                {QStringLiteral("substatus"), QStringLiteral("initialAssignment")},
                                {QStringLiteral("tpm"), tpm}};
        return {{QStringLiteral("operationId"), QStringLiteral("4.op-1")},
                {QStringLiteral("status"), QStringLiteral("assigned")},
                {QStringLiteral("registrationState"), state}};
    }
    void scriptGoodService()
    {
        m_server->then(challengeAnswer(m_first));
        m_server->then(json(202, assigning()));
        m_server->then(json(200, assignedBody()));
    }

    attestation::EkChoice m_choice;
    DeviceKeys m_keys;
    attestation::ActivationChallenge m_first;
    attestation::ActivationChallenge m_second;
    std::unique_ptr<FakeDeviceTpm> m_tpm;
    std::unique_ptr<ScriptedHttpsServer> m_server;
    std::unique_ptr<VirtualWaiting> m_waiting;
};

void TestRegistrationClient::initTestCase()
{
    m_keys = makeDeviceKeys(KeyKind::Rsa2048, KeyKind::Rsa2048);
}

void TestRegistrationClient::init()
{
    m_first = challengeFor(m_keys);
    m_second = challengeFor(m_keys);
    m_tpm = std::make_unique<FakeDeviceTpm>(m_keys);
    m_server = std::make_unique<ScriptedHttpsServer>();
    m_waiting = std::make_unique<VirtualWaiting>();
}

void TestRegistrationClient::cleanup()
{
    QCOMPARE(m_tpm->loaded(), 0); // on every path
}

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

void TestRegistrationClient::answersTheChallengeWithTheKeyInside()
{
    scriptGoodService();
    must(run());

    const auto token = must(crypto::parseSasToken(m_server->requests().at(1).headers.at("authorization")));

    QCOMPARE(token.resource, std::string{"0ne00000001%2Fregistrations%2Fdev%3A1"});
    QCOMPARE(token.policy, std::string{"registration"});
    QVERIFY(crypto::judgeSasToken(token, m_first.idKey.view(), utcNow(), std::chrono::seconds{0}) ==
            crypto::SasJudgement::Valid);
    QVERIFY(crypto::judgeSasToken(token, m_second.idKey.view(), utcNow(), std::chrono::seconds{0}) ==
            crypto::SasJudgement::WrongSignature);
}

void TestRegistrationClient::provesTheSecondKeyByUse()
{
    scriptGoodService();
    must(run());

    QCOMPARE(m_tpm->count(TpmCall::Activate), 2);
    QCOMPARE(m_tpm->count(TpmCall::Sign), 2);
    const auto message = m_tpm->signedMessages().at(1);
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

void TestRegistrationClient::refusesAChallengeForAnotherTpm()
{
    const auto other = makeDeviceKeys(KeyKind::Rsa2048, KeyKind::Rsa2048);
    m_server->then(challengeAnswer(challengeFor(other)));

    const auto assignment = run();

    QVERIFY(!assignment);
    QCOMPARE(assignment.error().code, DeviceCode::ActivationRefused);
    QCOMPARE(m_server->requests().size(), std::size_t{1});
}

void TestRegistrationClient::refusesAServiceThatAsksForNoProof()
{
    m_server->then(json(200, assignedBody()));

    const auto assignment = run();

    QVERIFY(!assignment);
    QCOMPARE(assignment.error().code, CloudCode::AnswerMalformed);
}

void TestRegistrationClient::refusesAnAssignmentWithoutAKey()
{
    auto body = assignedBody();
    auto state = body.value(QStringLiteral("registrationState")).toObject();
    state.remove(QStringLiteral("tpm"));
    body.insert(QStringLiteral("registrationState"), state);
    m_server->then(challengeAnswer(m_first));
    m_server->then(json(200, body));

    const auto assignment = run();

    QVERIFY(!assignment);
    QCOMPARE(assignment.error().code, CloudCode::AnswerMalformed);
}

void TestRegistrationClient::refusesAnAssignmentOfAnotherDevice_data()
{
    QTest::addColumn<QJsonValue>("id");
    QTest::addColumn<bool>("polled");
    QTest::addColumn<bool>("taken");
    QTest::newRow("at once") << QJsonValue{QStringLiteral("dev:2")} << false << false;
    QTest::newRow("after a poll") << QJsonValue{QStringLiteral("dev:2")} << true << false;
    QTest::newRow("of none") << QJsonValue{} << true << false;
    QTest::newRow("its own, in other letters") << QJsonValue{QStringLiteral("DEV:1")} << true << true;
}

void TestRegistrationClient::refusesAnAssignmentOfAnotherDevice()
{
    QFETCH(QJsonValue, id);
    QFETCH(bool, polled);
    QFETCH(bool, taken);
    auto body = assignedBody();
    auto state = body.value(QStringLiteral("registrationState")).toObject();
    state.insert(QStringLiteral("registrationId"), id);
    body.insert(QStringLiteral("registrationState"), state);
    m_server->then(challengeAnswer(m_first));
    if (polled) {
        m_server->then(json(202, assigning()));
    }
    m_server->then(json(200, body));

    const auto assignment = run();

    QCOMPARE(assignment.ok(), taken);
    if (!taken) {
        QCOMPARE(assignment.error().code, CloudCode::AnswerMalformed);
        QVERIFY(assignment.error().what.find("'dev:1'") != std::string::npos);
    }
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
