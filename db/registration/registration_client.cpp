#include "db/registration/registration_client.h"

#include "core/attestation/public_area.h"
#include "core/attestation/test_attestation.h"
#include "core/base/cancellation.h"
#include "core/base/cloud_code.h"
#include "core/base/device_code.h"
#include "core/base/recoded.h"
#include "core/crypto/base64.h"
#include "core/crypto/sas_token.h"
#include "core/enrollment/registration_id.h"
#include "db/documents/member_reader.h"
#include "db/dps/json_body.h"
#include "db/qt/values.h"
#include "db/registration/registration_answer.h"

namespace enroll::db::registration {
namespace {

using attestation::DeviceTpm;
using delivery::Waiting;
using dps::HttpAnswer;
using dps::HttpRequest;
using dps::HttpsExchange;
using dps::jsonBody;

constexpr auto kApiVersion = "?api-version=2021-06-01";
constexpr std::chrono::milliseconds kOneCall{30000};
constexpr std::chrono::hours kTokenLife{1};

QString base64Of(ByteView bytes)
{
    return qt::toQString(crypto::toBase64(bytes));
}

std::string expiry()
{
    const auto end = std::chrono::floor<std::chrono::seconds>(utcNow() + kTokenLife);
    return std::to_string(end.time_since_epoch().count());
}

/// The state of one registration.
class Registration {
public:
    Registration(DeviceTpm& tpm, const RegistrationOrder& order, HttpsExchange& https, Waiting& waiting,
                 const std::stop_token& stop)
        : m_tpm(tpm), m_order(order), m_https(https), m_waiting(waiting), m_stop(stop),
          m_end(waiting.now() + order.deadline)
    {}

    Result<Assignment> run()
    {
        TRY(m_tpm.connect());
        TRY(readKeys());

        TRY_ASSIGN(const auto refused, call(registerRequest({})));
        TRY_ASSIGN(const auto challenge, judgeChallenge(refused));
        TRY(proveTpm());
        TRY(open(challenge.blob));
        TRY_ASSIGN(m_token, tokenFor(challenge.keyName));

        TRY_ASSIGN(auto begun, call(registerRequest(m_token)));
        TRY_ASSIGN(auto assigned, awaitAssignment(std::move(begun)));
        TRY(requireOwn(assigned.assignment));
        TRY(open(assigned.deviceKey));
        TRY(proveDeviceKey(assigned.assignment));
        return std::move(assigned.assignment);
    }

private:
    Result<void> readKeys()
    {
        TRY_ASSIGN(const auto ek, m_tpm.readEndorsementKey(m_order.endorsementKey));
        TRY_ASSIGN(const auto srk, m_tpm.provideStorageRootKey());
        m_endorsementKey = ek.publicArea;
        m_storageRootKey = srk;
        const QJsonObject keys{{QStringLiteral("endorsementKey"), base64Of(ek.publicArea)},
                               {QStringLiteral("storageRootKey"), base64Of(srk)}};
        m_body = jsonBody({{QStringLiteral("registrationId"), qt::toQString(m_order.registrationId.text())},
                           {QStringLiteral("tpm"), keys}});
        return {};
    }

    /// Lets the TPM open a challenge that is whole. A damaged one drives some TPMs into failure mode, where they say
    /// nothing more of what is wrong: only before it can be told whether the TPM is.
    Result<void> proveTpm()
    {
        TRY_ASSIGN(const auto endorsementKey, attestation::parsePublic(m_endorsementKey));
        TRY_ASSIGN(const auto storageRootKey, attestation::parsePublic(m_storageRootKey));
        return attestation::testAttestation(m_tpm, endorsementKey, storageRootKey, utcNow());
    }

    /// Activates what the service sent. The TPM is proven: what it cannot open is not its fault.
    Result<void> open(const attestation::ActivationBlob& blob)
    {
        auto opened = recodedIf(m_tpm.activate(blob), DeviceCode::ActivationRefused, CloudCode::ChallengeUnusable);
        return recodedIf(std::move(opened), DeviceCode::TpmSelfTestFailed, CloudCode::ChallengeUnusable);
    }

    [[nodiscard]] std::string path() const
    {
        return '/' + crypto::percentEncode(m_order.idScope) + "/registrations/" +
               crypto::percentEncode(m_order.registrationId.text());
    }

    /// Both requests have the same body; an empty token makes the first one, which is answered with a challenge.
    [[nodiscard]] HttpRequest registerRequest(const std::string& token) const
    {
        return {"PUT", path() + "/register" + kApiVersion, token, m_body};
    }

    [[nodiscard]] HttpRequest pollRequest(const std::string& operationId) const
    {
        return {"GET", path() + "/operations/" + crypto::percentEncode(operationId) + kApiVersion, m_token, {}};
    }

    /// The SAS token that the TPM signs with the key of the challenge. The resource is percent-encoded before it is
    /// signed.
    Result<std::string> tokenFor(const std::string& keyName)
    {
        const auto resource =
            crypto::percentEncode(m_order.idScope + "/registrations/" + m_order.registrationId.text());
        const auto end = expiry();
        TRY_ASSIGN(const auto signature, m_tpm.sign(asBytes(crypto::sasStringToSign(resource, end))));
        return crypto::sasToken(resource, end, signature, keyName);
    }

    /// Signs the first token that the device would show its hub: a key that cannot sign would fail only in the field.
    Result<void> proveDeviceKey(const Assignment& assignment)
    {
        const auto resource = crypto::percentEncode(assignment.hub + "/devices/" + assignment.deviceId);
        TRY(m_tpm.sign(asBytes(crypto::sasStringToSign(resource, expiry()))));
        return {};
    }

    Result<HttpAnswer> call(const HttpRequest& request)
    {
        TRY(requireNotCancelled(m_stop));
        TRY_ASSIGN(const auto left, timeLeft());
        return dps::answerOf(m_https.exchange(request, Deadline::in(std::min(left, kOneCall)), m_stop));
    }

    Result<std::chrono::milliseconds> timeLeft()
    {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(m_end - m_waiting.now());
        if (left <= std::chrono::milliseconds{0}) {
            return makeError(CloudCode::TimedOut, "the registration took longer than its deadline", "register");
        }
        return left;
    }

    Result<Assigned> awaitAssignment(HttpAnswer answer)
    {
        TRY_ASSIGN(auto progress, judgeProgress(answer));
        while (const auto* assigning = std::get_if<StillAssigning>(&progress)) {
            const std::string operationId = assigning->operationId;
            TRY_ASSIGN(answer, poll(operationId, pollDelay(answer, utcNow())));
            if (turnedAway(answer)) {
                continue;
            }
            TRY_ASSIGN(progress, judgeProgress(answer));
        }
        return std::get<Assigned>(std::move(progress));
    }

    /// Error U-502 for the assignment of another device.
    [[nodiscard]] Result<void> requireOwn(const Assignment& assignment) const
    {
        if (enrollment::sameRegistrationId(assignment.registrationId, m_order.registrationId)) {
            return {};
        }
        return makeError(CloudCode::AnswerMalformed,
                         "the service answers for '" + assignment.registrationId.text() + "', and '" +
                             m_order.registrationId.text() + "' was asked for",
                         "register");
    }

    /// True if the service was too busy to answer a poll, which is then repeated; the order's deadline bounds how
    /// often.
    static bool turnedAway(const HttpAnswer& answer) { return answer.status == 429 || answer.status >= 500; }

    Result<HttpAnswer> poll(const std::string& operationId, std::chrono::milliseconds delay)
    {
        TRY_ASSIGN(const auto left, timeLeft());
        m_waiting.waitFor(std::min(delay, left), m_stop);
        return call(pollRequest(operationId));
    }

    DeviceTpm& m_tpm;
    const RegistrationOrder& m_order;
    HttpsExchange& m_https;
    Waiting& m_waiting;
    const std::stop_token& m_stop;
    Waiting::Clock::time_point m_end;
    Bytes m_endorsementKey; ///< TPM2B_PUBLIC
    Bytes m_storageRootKey; ///< likewise
    Bytes m_body;
    std::string m_token;
};

} // namespace

Result<Assignment> registerDevice(DeviceTpm& tpm, const RegistrationOrder& order, const std::stop_token& stop)
{
    TRY_ASSIGN(const auto authority, authorityOf(order.serviceUrl));
    TRY_ASSIGN(const auto https, dps::HttpsClient::create({authority, order.caFile}));
    delivery::RealWaiting waiting;
    return registerDevice(tpm, order, *https, waiting, stop);
}

Result<Assignment> registerDevice(DeviceTpm& tpm, const RegistrationOrder& order, HttpsExchange& https,
                                  Waiting& waiting, const std::stop_token& stop)
{
    auto assignment = Registration{tpm, order, https, waiting, stop}.run();
    auto released = tpm.release();
    if (!assignment && !released) {
        auto error = std::move(assignment).error();
        error.trail.push_back(describeForLog(released.error()));
        return error;
    }
    if (!released) {
        return std::move(released).error();
    }
    return assignment;
}

} // namespace enroll::db::registration
