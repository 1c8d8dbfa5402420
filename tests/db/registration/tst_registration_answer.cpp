#include "core/base/cloud_code.h"
#include "core/base/station_code.h"
#include "core/crypto/base64.h"
#include "db/registration/registration_answer.h"
#include "tests/support/code_text.h"
#include "tests/support/must.h"
#include "tests/support/worked_challenge.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace enroll;
using namespace enroll::db::registration;
using namespace enroll::test;
using db::dps::HttpAnswer;
using std::chrono::seconds;

namespace {

HttpAnswer answerOf(int status, const QByteArray& body)
{
    return {status, {{"content-type", "application/json"}}, toBytes(asBytes(body.toStdString()))};
}

HttpAnswer answerOf(int status, const QJsonObject& body)
{
    return answerOf(status, QJsonDocument{body}.toJson(QJsonDocument::Compact));
}

/// A challenge as the service marshals it.
QString blob()
{
    static const auto text = [] {
        const WorkedChallenge example;
        const auto keys = example.keys();
        const auto challenge =
            must(attestation::makeActivationChallenge(keys.endorsementKey.area, keys.storageRootKey.area));
        return QString::fromStdString(crypto::toBase64(challenge.blob.marshal()));
    }();
    return text;
}

QJsonObject assigned()
{
    return {{QStringLiteral("status"), QStringLiteral("Assigned")},
            {QStringLiteral("registrationState"),
             QJsonObject{{QStringLiteral("assignedHub"), QStringLiteral("hub")},
                         {QStringLiteral("deviceId"), QStringLiteral("dev")},
                         {QStringLiteral("registrationId"), QStringLiteral("dev:1")},
                         {QStringLiteral("substatus"), QStringLiteral("initialAssignment")},
                         {QStringLiteral("tpm"), QJsonObject{{QStringLiteral("authenticationKey"), blob()}}}}}};
}

/// `assigned()` with one member of registrationState taken away.
QJsonObject assignedWithout(const char* member)
{
    auto body = assigned();
    auto state = body.value(QStringLiteral("registrationState")).toObject();
    state.remove(QLatin1String(member));
    body.insert(QStringLiteral("registrationState"), state);
    return body;
}

QJsonObject status(const char* word, const QJsonObject& state = {})
{
    return {{QStringLiteral("status"), QLatin1String(word)}, {QStringLiteral("registrationState"), state}};
}

QJsonObject refusal(int errorCode)
{
    return {{QStringLiteral("errorCode"), errorCode}, {QStringLiteral("message"), QStringLiteral("no")}};
}

QJsonObject failed(int errorCode)
{
    return status("failed", {{QStringLiteral("errorCode"), errorCode}});
}

} // namespace

class tst_registration_answer : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aChallengeIsTaken()
    {
        QJsonObject body{{QStringLiteral("authenticationKey"), blob()},
                         {QStringLiteral("keyName"), QStringLiteral("k")}};
        QCOMPARE(must(judgeChallenge(answerOf(401, body))).keyName, std::string{"k"});
        body.remove(QStringLiteral("keyName"));
        QCOMPARE(must(judgeChallenge(answerOf(401, body))).keyName, std::string{"registration"});
    }

    void whatIsNoChallengeIsRefused_data()
    {
        QTest::addColumn<int>("httpStatus");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QString>("code");
        const auto row = [](const char* name, int httpStatus, const QByteArray& body, CloudCode code) {
            QTest::newRow(name) << httpStatus << body << textOf(code);
        };
        const auto json = [](const QJsonObject& body) { return QJsonDocument{body}.toJson(QJsonDocument::Compact); };
        const auto key = [](const QString& text) { return QJsonObject{{QStringLiteral("authenticationKey"), text}}; };
        row("no key", 401, json(refusal(401002)), CloudCode::RefusedSignature);
        row("401 of a gateway", 401, "<html>", CloudCode::AnswerMalformed);
        row("key that is no base64", 401, json(key(QStringLiteral("*"))), CloudCode::AnswerMalformed);
        row("key cut off", 401, json(key(blob().left(80))), CloudCode::AnswerMalformed);
        row("assigning before a challenge", 202, R"({"status":"assigning","operationId":"1"})",
            CloudCode::AnswerMalformed);
        row("disabled before a challenge", 200, json(status("disabled")), CloudCode::EnrollmentDisabled);
        row("unknown id", 404, json(refusal(404201)), CloudCode::DoesNotKnowId);
        row("unknown scope", 404, json(refusal(404002)), CloudCode::UnknownIdScope);
        row("404 of a gateway", 404, "<html>", CloudCode::AnswerMalformed);
        row("other key", 400, json(refusal(400004)), CloudCode::EkDiffers);
        row("busy", 429, "", CloudCode::Busy);
        row("fault", 503, "", CloudCode::Fault);
        row("600", 600, "", CloudCode::AnswerMalformed);
        row("redirected", 302, "", CloudCode::AnswerMalformed);
    }
    void whatIsNoChallengeIsRefused()
    {
        QFETCH(const int, httpStatus);
        QFETCH(const QByteArray, body);
        QFETCH(const QString, code);
        const auto judged = judgeChallenge(answerOf(httpStatus, body));
        QVERIFY(!judged.ok());
        QCOMPARE(textOf(judged.error().code), code);
    }

    void anAssignmentIsTakenWhole()
    {
        const auto progress = must(judgeProgress(answerOf(200, assigned())));
        QVERIFY(std::holds_alternative<Assigned>(progress));
        QCOMPARE(std::get<Assigned>(progress).assignment,
                 (Assignment{"hub", "dev", enrollment::RegistrationId{"dev:1"}, "assigned", "initialAssignment"}));
        for (const auto* member : {"assignedHub", "deviceId", "tpm"}) {
            const auto without = judgeProgress(answerOf(200, assignedWithout(member)));
            QVERIFY2(!without.ok(), member);
            QCOMPARE(textOf(without.error().code), textOf(CloudCode::AnswerMalformed));
        }
    }

    void theStatusWordDecides_data()
    {
        QTest::addColumn<QJsonObject>("body");
        QTest::addColumn<QString>("code");
        QTest::newRow("disabled") << status("DISABLED") << textOf(CloudCode::EnrollmentDisabled);
        QTest::newRow("unassigned") << status("unassigned") << textOf(CloudCode::AnswerMalformed);
        QTest::newRow("unknown") << status("assignedd") << textOf(CloudCode::AnswerMalformed);
        QTest::newRow("none") << QJsonObject{} << textOf(CloudCode::AnswerMalformed);
        QTest::newRow("assigning without an operation") << status("assigning") << textOf(CloudCode::AnswerMalformed);
        auto longId = status("assigning");
        longId.insert(QStringLiteral("operationId"), QString(257, QLatin1Char('1')));
        QTest::newRow("assigning with an endless operation") << longId << textOf(CloudCode::AnswerMalformed);
        QTest::newRow("failed") << failed(400208) << textOf(CloudCode::ProvisioningFailed);
        QTest::newRow("failed without a number") << failed(0) << textOf(CloudCode::ProvisioningFailed);
        QTest::newRow("failed with another key") << failed(400004) << textOf(CloudCode::EkDiffers);
        QTest::newRow("failed with an unknown scope") << failed(404002) << textOf(CloudCode::UnknownIdScope);
        QTest::newRow("failed with an unknown id") << failed(404201) << textOf(CloudCode::DoesNotKnowId);
    }
    void theStatusWordDecides()
    {
        QFETCH(const QJsonObject, body);
        QFETCH(const QString, code);
        const auto judged = judgeProgress(answerOf(200, body));
        QVERIFY(!judged.ok());
        QCOMPARE(textOf(judged.error().code), code);
    }

    void anOperationUnderWayIsPolled()
    {
        auto body = status("Assigning");
        body.insert(QStringLiteral("operationId"), QString(256, QLatin1Char('1')));
        QCOMPARE(std::get<StillAssigning>(must(judgeProgress(answerOf(202, body)))).operationId, std::string(256, '1'));
    }

    void theServiceIsPolledEveryTwoSecondsAtMost()
    {
        auto answer = answerOf(202, QByteArray{});
        QCOMPARE(pollDelay(answer, {}), seconds{2});
        answer.headers["retry-after"] = "1";
        QCOMPARE(pollDelay(answer, {}), seconds{2});
        answer.headers["retry-after"] = "7";
        QCOMPARE(pollDelay(answer, {}), seconds{7});
        answer.headers["retry-after"] = "soon";
        QCOMPARE(pollDelay(answer, {}), seconds{2});
    }

    void onlyAnAuthorityFollowsHttps()
    {
        QCOMPARE(must(authorityOf("https://host")), std::string{"host"});
        QCOMPARE(must(authorityOf("https://host:8443/")), std::string{"host:8443"});
        for (const auto* url : {"", "host", "http://host", "https://", "https:///", "https://host/path",
                                "https://host?q", "https://host#f", "https://user@host", "https://ho st"}) {
            QCOMPARE(textOf(authorityOf(url).error().code), textOf(StationCode::UsageInvalid));
        }
    }
};

QTEST_APPLESS_MAIN(tst_registration_answer)
#include "tst_registration_answer.moc"
