#include "app/service/registration_routes.h"
#include "core/crypto/base64.h"
#include "tests/app/service/service_client.h"
#include "tests/support/field_device.h"
#include "tests/support/service_process.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace enroll;
using namespace enroll::test;

namespace {

constexpr auto kId = "gx-000183";

QString base64(ByteView bytes)
{
    return QString::fromStdString(crypto::toBase64(bytes));
}

Bytes fromBase64(const QJsonValue& text)
{
    return must(crypto::fromBase64(text.toString().toStdString()));
}

} // namespace

/// The device side over real HTTPS: a software device against a process, a fresh one for each test.
class TestRegistrationRoutes : public QObject {
    Q_OBJECT

    const FieldDevice m_device;
    std::unique_ptr<ServiceProcess> m_service;

    static QJsonObject enrollment(const Bytes& key, const QString& status = QStringLiteral("enabled"))
    {
        return {{QStringLiteral("registrationId"), QString::fromUtf8(kId)},
                {QStringLiteral("provisioningStatus"), status},
                {QStringLiteral("attestation"),
                 QJsonObject{{QStringLiteral("type"), QStringLiteral("tpm")},
                             {QStringLiteral("tpm"), QJsonObject{{QStringLiteral("endorsementKey"), base64(key)}}}}}};
    }

    QByteArray path(const QByteArray& rest) const
    {
        return "/0ne00000001/registrations/" + QByteArray{kId} + rest + "?api-version=2021-06-01";
    }

    QByteArray body() const
    {
        const QJsonObject tpm{{QStringLiteral("endorsementKey"), base64(m_device.endorsementKey())},
                              {QStringLiteral("storageRootKey"), base64(m_device.storageRootKey())}};
        return QJsonDocument{
            QJsonObject{{QStringLiteral("registrationId"), QString::fromUtf8(kId)}, {QStringLiteral("tpm"), tpm}}}
            .toJson();
    }

    static QByteArray token(const Bytes& key)
    {
        return QByteArray::fromStdString(FieldDevice::token("0ne00000001", kId, key, utcNow() + std::chrono::hours{1}));
    }

    Bytes challengeKey(ServiceClient& client) const
    {
        const auto answer = client.call("PUT", path("/register"), {}, body());
        return m_device.keyInside(fromBase64(answer.json().value(QLatin1String("authenticationKey"))));
    }

    ServiceAnswer answerWith(ServiceClient& client, const Bytes& key) const
    {
        return client.call("PUT", path("/register"), {{"Authorization", token(key)}}, body());
    }

    /// As client libraries poll: a GET with a body.
    ServiceAnswer poll(ServiceClient& client, const Bytes& key, const QByteArray& operationId) const
    {
        return client.call("GET", path("/operations/" + operationId), {{"Authorization", token(key)}}, "{}");
    }

    static QByteArray operationId(const ServiceAnswer& answer)
    {
        return answer.json().value(QLatin1String("operationId")).toString().toUtf8();
    }

    static QJsonObject state(const ServiceAnswer& answer)
    {
        return answer.json().value(QLatin1String("registrationState")).toObject();
    }

private Q_SLOTS:
    void init()
    {
        m_service = std::make_unique<ServiceProcess>();
        BackEnd backEnd{*m_service};
        QCOMPARE(backEnd.put("/enrollments/" + QByteArray{kId}, enrollment(m_device.endorsementKey())).status, 200);
    }

    void challengesWithWhatEveryClientNeeds()
    {
        ServiceClient client{*m_service};
        const auto answer = client.call("PUT", path("/register"), {}, body());
        QCOMPARE(answer.status, 401);
        QCOMPARE(answer.json().value(QLatin1String("keyName")).toString(), QStringLiteral("registration"));
        QVERIFY(!answer.json().contains(QLatin1String("status")));
        QVERIFY(!answer.json().contains(QLatin1String("errorCode")));
        QCOMPARE(fromBase64(answer.json().value(QLatin1String("authenticationKey"))).size(), std::size_t{766});
    }

    void provisionsADeviceOnOneConnection()
    {
        ServiceClient client{*m_service};
        const auto key = challengeKey(client);
        const auto begun = answerWith(client, key);
        QCOMPARE(begun.status, 202);
        QVERIFY(begun.headers.value("retry-after").toInt() > 0);
        QVERIFY(begun.headers.value("location").endsWith(QByteArray{"/operations/" + operationId(begun)}));

        const auto done = poll(client, key, operationId(begun));
        QCOMPARE(done.status, 200);
        QCOMPARE(done.json().value(QLatin1String("status")).toString(), QStringLiteral("assigned"));
        QCOMPARE(state(done).value(QLatin1String("assignedHub")).toString(), QStringLiteral("hub.test"));
        QCOMPARE(state(done).value(QLatin1String("deviceId")).toString(), QString::fromUtf8(kId));
        const auto blob = state(done).value(QLatin1String("tpm")).toObject().value(QLatin1String("authenticationKey"));
        QCOMPARE(m_device.keyInside(fromBase64(blob)).size(), std::size_t{32});

        // In step after the GET with a body: the next answer belongs to the next request.
        QCOMPARE(operationId(poll(client, key, operationId(begun))), operationId(begun));
    }

    void showsTheBackEndWhereTheDeviceWent()
    {
        ServiceClient client{*m_service};
        const auto key = challengeKey(client);
        poll(client, key, operationId(answerWith(client, key)));
        BackEnd backEnd{*m_service};
        const auto registration = backEnd.get("/registrations/GX-000183").json();
        QCOMPARE(registration.value(QLatin1String("status")).toString(), QStringLiteral("assigned"));
        const auto found = backEnd.get("/enrollments/gx-000183").json();
        QCOMPARE(found.value(QLatin1String("registrationState")).toObject(), registration);
        QCOMPARE(backEnd.remove("/registrations/gx-000183", {{"If-Match", "\"x\""}}).errorCode(), 412001);
        QCOMPARE(backEnd.remove("/registrations/gx-000183").status, 204);
        QCOMPARE(backEnd.get("/registrations/gx-000183").errorCode(), 404202);
    }

    void goesOnAfterAPowerCut()
    {
        auto first = std::make_unique<ServiceClient>(*m_service);
        const auto key = challengeKey(*first);
        m_service->kill();
        m_service->start();
        ServiceClient second{*m_service};
        const auto begun = answerWith(second, key);
        QCOMPARE(begun.status, 202);
        m_service->kill();
        m_service->start();
        ServiceClient third{*m_service};
        QCOMPARE(poll(third, key, operationId(begun)).status, 200);
    }

    void answersAlikeFromTwoInstances()
    {
        const ServiceProcess sister{{.directory = m_service->directory()}};
        ServiceClient one{*m_service};
        ServiceClient other{sister};
        const auto key = challengeKey(one);
        const auto begun = answerWith(other, key);
        QCOMPARE(begun.status, 202);
        QCOMPARE(operationId(answerWith(one, key)), operationId(begun));
        const auto here = poll(one, key, operationId(begun));
        const auto there = poll(other, key, operationId(begun));
        QCOMPARE(here.status, 200);
        QCOMPARE(state(here), state(there));
    }

    void refusesAnotherDevice()
    {
        BackEnd backEnd{*m_service};
        backEnd.put("/enrollments/" + QByteArray{kId}, enrollment(FieldDevice{}.endorsementKey()), {{"If-Match", "*"}});
        ServiceClient client{*m_service};
        QCOMPARE(client.call("PUT", path("/register"), {}, body()).errorCode(), 400004);
    }

    void tellsADisabledDevice()
    {
        BackEnd backEnd{*m_service};
        backEnd.put("/enrollments/" + QByteArray{kId},
                    enrollment(m_device.endorsementKey(), QStringLiteral("disabled")), {{"If-Match", "*"}});
        ServiceClient client{*m_service};
        const auto answer = answerWith(client, challengeKey(client));
        QCOMPARE(answer.status, 200);
        QCOMPARE(answer.json().value(QLatin1String("status")).toString(), QStringLiteral("disabled"));
        const auto registration = backEnd.get("/registrations/GX-000183").json();
        QCOMPARE(registration.value(QLatin1String("status")).toString(), QStringLiteral("disabled"));
        const auto found = backEnd.get("/enrollments/gx-000183").json();
        QCOMPARE(found.value(QLatin1String("registrationState")).toObject(), registration);
    }

    void tellsADeviceThatIsDisabledOnceItIsAssigned()
    {
        BackEnd backEnd{*m_service};
        ServiceClient client{*m_service};
        const auto key = challengeKey(client);
        const auto operation = operationId(answerWith(client, key));
        QVERIFY(state(poll(client, key, operation)).contains(QLatin1String("tpm")));
        backEnd.put("/enrollments/" + QByteArray{kId},
                    enrollment(m_device.endorsementKey(), QStringLiteral("disabled")), {{"If-Match", "*"}});
        for (const auto& answer : {poll(client, key, operation), answerWith(client, key)}) {
            QCOMPARE(answer.status, 200);
            QCOMPARE(answer.json().value(QLatin1String("status")).toString(), QStringLiteral("disabled"));
            QVERIFY(!state(answer).contains(QLatin1String("tpm")));
        }
    }

    void refusesTheKeyOfAnEarlierChallenge()
    {
        ServiceClient client{*m_service};
        const auto earlier = challengeKey(client);
        challengeKey(client);
        const auto answer = answerWith(client, earlier);
        QCOMPARE(answer.status, 401);
        QCOMPARE(answer.errorCode(), 401002);
        QVERIFY(!answer.json().contains(QLatin1String("authenticationKey")));
    }

    void refusesAnUnknownScope()
    {
        ServiceClient client{*m_service};
        const auto answer =
            client.call("PUT", "/0ne00000009/registrations/gx-000183/register?api-version=2021-06-01", {}, body());
        QCOMPARE(answer.errorCode(), 404002);
    }

    void refusesAnUnknownDevice()
    {
        ServiceClient client{*m_service};
        const auto answer = client.call("PUT", "/0ne00000001/registrations/nobody/register?api-version=2021-06-01", {},
                                        "{\"registrationId\":\"nobody\"}");
        QCOMPARE(answer.errorCode(), 404201);
    }

    void refusesKeysThatAreNoBase64()
    {
        ServiceClient client{*m_service};
        const auto answer =
            client.call("PUT", path("/register"), {}, "{\"tpm\":{\"endorsementKey\":\"***\",\"storageRootKey\":\"\"}}");
        QCOMPARE(answer.errorCode(), 400004);
    }

    void refusesABodyPastTheDevicesLimit()
    {
        ServiceClient client{*m_service};
        const auto answer = client.call("PUT", path("/register"), {},
                                        "{\"payload\":\"" + QByteArray(qsizetype{97} * 1024, 'x') + "\"}");
        QCOMPARE(answer.errorCode(), 413000);
    }

    void looksUpWhereItWent()
    {
        ServiceClient client{*m_service};
        const auto key = challengeKey(client);
        poll(client, key, operationId(answerWith(client, key)));
        const auto answer = client.call("POST", path(""), {{"Authorization", token(key)}}, body());
        QCOMPARE(answer.status, 200);
        QCOMPARE(answer.json().value(QLatin1String("assignedHub")).toString(), QStringLiteral("hub.test"));
    }

    void countsWhatItDoes()
    {
        ServiceClient client{*m_service};
        const auto key = challengeKey(client);
        poll(client, key, operationId(answerWith(client, key)));
        const auto text = client.call("GET", "/metrics").body;
        QVERIFY(text.contains("enroll_service_requests_total{route=\"device-register\",status=\"401\"} 1\n"));
        QVERIFY(text.contains("enroll_service_registrations_total{outcome=\"assigned\"} 1\n"));
        QVERIFY(text.contains("enroll_service_open_connections "));
    }
};

QTEST_GUILESS_MAIN(TestRegistrationRoutes)
#include "tst_registration_routes.moc"
