#include "core/base/cloud_code.h"
#include "core/base/device_code.h"
#include "core/crypto/sas_token.h"
#include "tests/db/registration/registration_fixture.h"
#include "tests/support/code_text.h"

#include <QtTest>

using namespace enroll;
using namespace enroll::test;

/// What the service must prove and what it may ask: its challenge, its key, and whom they are for.
class TestRegistrationProof : public QObject, private RegistrationFixture {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { makeKeys(); }
    void init() { beginAnew(); }
    void cleanup() { QCOMPARE(m_tpm->loaded(), 0); } // on every path
    void answersTheChallengeWithTheKeyInside();
    void refusesAChallengeForAnotherTpm();
    void doesNotBlameTheTpmForADamagedChallenge_data();
    void doesNotBlameTheTpmForADamagedChallenge();
    void tellsATpmThatFailsFromAChallengeThatFails_data();
    void tellsATpmThatFailsFromAChallengeThatFails();
    void refusesAServiceThatAsksForNoProof();
    void refusesAnAssignmentOfAnotherDevice_data();
    void refusesAnAssignmentOfAnotherDevice();
    void refusesAnAssignmentWithoutAKey();
};

void TestRegistrationProof::answersTheChallengeWithTheKeyInside()
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

void TestRegistrationProof::refusesAChallengeForAnotherTpm()
{
    const auto other = makeDeviceKeys(KeyKind::Rsa2048, KeyKind::Rsa2048);
    m_server->then(challengeAnswer(challengeFor(other)));

    const auto assignment = run();

    QVERIFY(!assignment);
    QCOMPARE(assignment.error().code, CloudCode::ChallengeUnusable);
    QCOMPARE(m_server->requests().size(), std::size_t{1});
}

void TestRegistrationProof::doesNotBlameTheTpmForADamagedChallenge_data()
{
    QTest::addColumn<int>("offset");
    for (const int offset : {10, 40, 100, 350, 600}) { // in each of the parts that only the TPM can check
        QTest::addRow("byte %d", offset) << offset;
    }
}

void TestRegistrationProof::doesNotBlameTheTpmForADamagedChallenge()
{
    QFETCH(int, offset);
    auto blob = m_first.blob.marshal();
    blob.at(static_cast<std::size_t>(offset)) ^= std::byte{0x01};
    m_server->then(json(401, {{QStringLiteral("authenticationKey"), base64(blob)},
                              {QStringLiteral("keyName"), QStringLiteral("registration")}}));

    const auto assignment = run();

    QVERIFY(!assignment);
    QCOMPARE(assignment.error().code, CloudCode::ChallengeUnusable);
}

void TestRegistrationProof::tellsATpmThatFailsFromAChallengeThatFails_data()
{
    QTest::addColumn<int>("from");
    QTest::addColumn<QString>("wanted");
    QTest::newRow("at its own challenge") << 1 << test::textOf(DeviceCode::TpmSelfTestFailed);
    QTest::newRow("at the service's") << 2 << test::textOf(CloudCode::ChallengeUnusable);
    QTest::newRow("at the device's key") << 3 << test::textOf(CloudCode::ChallengeUnusable);
}

void TestRegistrationProof::tellsATpmThatFailsFromAChallengeThatFails()
{
    QFETCH(int, from);
    QFETCH(QString, wanted);
    scriptGoodService();
    m_tpm->failOn(TpmCall::Activate, makeError(DeviceCode::TpmSelfTestFailed, "failure mode"), from);

    const auto assignment = run();

    QVERIFY(!assignment);
    QCOMPARE(assignment.error().code, test::codeNamed(wanted));
}

void TestRegistrationProof::refusesAServiceThatAsksForNoProof()
{
    m_server->then(json(200, assignedBody()));

    const auto assignment = run();

    QVERIFY(!assignment);
    QCOMPARE(assignment.error().code, CloudCode::AnswerMalformed);
}

void TestRegistrationProof::refusesAnAssignmentOfAnotherDevice_data()
{
    QTest::addColumn<QJsonValue>("id");
    QTest::addColumn<bool>("polled");
    QTest::addColumn<bool>("taken");
    QTest::newRow("at once") << QJsonValue{QStringLiteral("dev:2")} << false << false;
    QTest::newRow("after a poll") << QJsonValue{QStringLiteral("dev:2")} << true << false;
    QTest::newRow("of none") << QJsonValue{} << true << false;
    QTest::newRow("its own, in other letters") << QJsonValue{QStringLiteral("DEV:1")} << true << true;
}

void TestRegistrationProof::refusesAnAssignmentOfAnotherDevice()
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

void TestRegistrationProof::refusesAnAssignmentWithoutAKey()
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

QTEST_GUILESS_MAIN(TestRegistrationProof)
#include "tst_registration_proof.moc"
