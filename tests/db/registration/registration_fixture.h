#pragma once

#include "core/attestation/activation_challenge.h"
#include "core/crypto/base64.h"
#include "db/registration/registration_client.h"
#include "tests/support/fake_device_tpm.h"
#include "tests/support/must.h"
#include "tests/support/scripted_https_server.h"
#include "tests/support/virtual_waiting.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace enroll::test {

using namespace enroll::db::dps;
using namespace enroll::db::registration;
using namespace enroll::delivery;

inline constexpr auto kPath = "/0ne00000001/registrations/dev%3A1";
inline constexpr auto kHub = "hub-1.example";

inline ScriptedAnswer json(int status, const QJsonObject& body)
{
    ScriptedAnswer answer;
    answer.status = status;
    answer.body = QJsonDocument{body}.toJson(QJsonDocument::Compact);
    return answer;
}

inline QJsonObject assigning()
{
    return {{QStringLiteral("operationId"), QStringLiteral("4.op-1")},
            {QStringLiteral("status"), QStringLiteral("assigning")}};
}

inline QString base64(ByteView bytes)
{
    return QString::fromStdString(crypto::toBase64(bytes));
}

/// A device with real keys, and a server that plays the service with real challenges.
class RegistrationFixture {
protected:
    void makeKeys() { m_keys = makeDeviceKeys(KeyKind::Rsa2048, KeyKind::Rsa2048); }
    void beginAnew()
    {
        m_first = challengeFor(m_keys);
        m_second = challengeFor(m_keys);
        m_tpm = std::make_unique<FakeDeviceTpm>(m_keys);
        m_server = std::make_unique<ScriptedHttpsServer>();
        m_waiting = std::make_unique<VirtualWaiting>();
    }
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

} // namespace enroll::test
