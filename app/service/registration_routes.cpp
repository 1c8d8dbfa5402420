#include "app/service/registration_routes.h"

#include "core/base/text.h"
#include "core/crypto/base64.h"
#include "core/crypto/sas_token.h"
#include "core/enrollment/registration_id.h"
#include "db/documents/individual_enrollment_document.h"
#include "db/documents/member_reader.h"

namespace enroll::app::service {

using namespace provisioning;
namespace documents = db::documents;

namespace {

constexpr qsizetype kMostBodyBytes = qsizetype{96} * 1024;
/// An assignment is ready at the first poll, and one second is the shortest wait that the header can ask for.
constexpr auto kRetryAfterSeconds = "1";

RegistrationFlow flowOf(const ServiceCall& call)
{
    return RegistrationFlow{call.context.flow, call.list, call.context.now};
}

ServiceResult<Bytes> keyMember(const documents::MemberReader& tpm, const char* member, ServiceErrorCode code)
{
    auto bytes = tpm.base64(member);
    if (!bytes.ok() || bytes->empty()) {
        return ServiceError{code, std::string{member} + " is not the base64 of a TPM2B_PUBLIC."};
    }
    return std::move(bytes).value();
}

/// A `tpm` without members, or in another form than an object, says as little as none.
ServiceResult<std::optional<DeviceKeys>> keysIn(const documents::MemberReader& body)
{
    const auto tpm = body.looseObject("tpm");
    if (tpm.isEmpty()) {
        return std::optional<DeviceKeys>{};
    }
    DeviceKeys keys;
    TRY_ASSIGN(keys.endorsementKey, keyMember(tpm, "endorsementKey", ServiceErrorCode::EndorsementKeyInvalid));
    TRY_ASSIGN(keys.storageRootKey, keyMember(tpm, "storageRootKey", ServiceErrorCode::StorageRootKeyInvalid));
    return std::optional{std::move(keys)};
}

DeviceRequest requestOf(const ServiceCall& call)
{
    return {call.target.path.at(0), call.target.path.at(2), call.request.header("authorization"), std::nullopt};
}

ServiceResult<DeviceRequest> requestWithKeys(const ServiceCall& call)
{
    TRY_ASSIGN(const auto object, jsonBody(call.request, kMostBodyBytes));
    const documents::MemberReader body{object};
    auto request = requestOf(call);
    const auto named = body.looseText("registrationId");
    if (!named.empty() && !equalWithoutCase(named, request.registrationId)) {
        return ServiceError{ServiceErrorCode::RequestMalformed, "Path and body name different registration ids."};
    }
    TRY_ASSIGN(request.keys, keysIn(body));
    return request;
}

/// The response to an unsigned request: status 401 with the challenge in authenticationKey. Device SDKs look for this
/// member and send the request again, signed.
HttpResponse challengeResponse(const Challenge& challenge)
{
    return jsonResponse(401, QJsonObject{{QStringLiteral("message"),
                                          QStringLiteral("Authorization required, resend request using supplied key")},
                                         {QStringLiteral("authenticationKey"),
                                          QString::fromStdString(crypto::toBase64(challenge.blob))},
                                         {QStringLiteral("keyName"), QStringLiteral("registration")}});
}

QJsonObject operationJson(const RegistrationOperation& operation)
{
    const auto status = registrationStatusText(operation.state.status);
    QJsonObject body{
        {QStringLiteral("operationId"), QString::fromStdString(operation.operationId)},
        {QStringLiteral("status"), QString::fromUtf8(status.data(), static_cast<qsizetype>(status.size()))}};
    if (operation.state.status == RegistrationStatus::Assigning) {
        return body;
    }
    auto state = documents::toJson(operation.state);
    if (!operation.hubKeyBlob.empty()) {
        const auto blob = QString::fromStdString(crypto::toBase64(operation.hubKeyBlob));
        state.insert(QStringLiteral("tpm"), QJsonObject{{QStringLiteral("authenticationKey"), blob}});
    }
    body.insert(QStringLiteral("registrationState"), state);
    return body;
}

HttpResponse operationResponse(const ServiceCall& call, const RegistrationOperation& operation)
{
    if (operation.state.status != RegistrationStatus::Assigning) {
        call.context.metrics.countRegistration(operation.state.status);
        return jsonResponse(200, operationJson(operation));
    }
    const auto& path = call.target.path;
    auto response = jsonResponse(202, operationJson(operation));
    response.headers.emplace_back("Location", "/" + crypto::percentEncode(path.at(0)) + "/registrations/" +
                                                  crypto::percentEncode(path.at(2)) + "/operations/" +
                                                  operation.operationId);
    response.headers.emplace_back("Retry-After", kRetryAfterSeconds);
    return response;
}

} // namespace

RouteResult registerDevice(const ServiceCall& call)
{
    TRY_ASSIGN(const auto request, requestWithKeys(call));
    TRY_ASSIGN(const auto answer, flowOf(call).registerDevice(request));
    if (const auto* challenge = std::get_if<Challenge>(&answer)) {
        return challengeResponse(*challenge);
    }
    return operationResponse(call, std::get<RegistrationOperation>(answer));
}

RouteResult lookUpDevice(const ServiceCall& call)
{
    TRY_ASSIGN(const auto request, requestWithKeys(call));
    TRY_ASSIGN(const auto answer, flowOf(call).lookUp(request));
    if (const auto* challenge = std::get_if<Challenge>(&answer)) {
        return challengeResponse(*challenge);
    }
    return jsonResponse(200, documents::toJson(std::get<RegistrationState>(answer)));
}

/// Some client libraries send a body with this GET; it is ignored.
RouteResult queryOperation(const ServiceCall& call)
{
    TRY_ASSIGN(const auto operation, flowOf(call).queryOperation(requestOf(call), call.target.path.at(4)));
    return operationResponse(call, operation);
}

} // namespace enroll::app::service
