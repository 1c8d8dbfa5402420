#include "db/registration/registration_answer.h"

#include "core/base/cloud_code.h"
#include "core/base/station_code.h"
#include "core/base/text.h"
#include "core/crypto/base64.h"
#include "core/provisioning/registration_state.h"
#include "core/provisioning/service_error.h"
#include "db/documents/member_reader.h"
#include "db/dps/dps_answer.h"
#include "db/dps/json_body.h"
#include "db/dps/service_text.h"

#include <algorithm>

namespace enroll::db::registration {
namespace {

using documents::MemberReader;
using dps::HttpAnswer;
using dps::jsonObjectOf;
using provisioning::RegistrationStatus;
using provisioning::ServiceErrorCode;

constexpr auto kRegister = "PUT register";
/// An id, a host or a key's name: 128 characters at the service, 253 in the DNS.
constexpr std::size_t kLongestName = 256;

/// The code for a refusal. The service's error code is looked at first: it tells a wrong endorsement key and a wrong id
/// scope from other refusals with the same HTTP status.
ErrorCode codeOf(int status, int errorCode, ErrorCode otherwise)
{
    switch (static_cast<ServiceErrorCode>(errorCode)) {
    case ServiceErrorCode::EndorsementKeyInvalid:
        return CloudCode::EkDiffers;
    case ServiceErrorCode::IdScopeUnknown:
        return CloudCode::UnknownIdScope;
    default:
        break;
    }
    switch (status) {
    case 401:
        return CloudCode::RefusedSignature;
    case 404:
        return CloudCode::DoesNotKnowId;
    case 429:
        return CloudCode::Busy;
    default:
        return status >= 500 && status < 600 ? CloudCode::Fault : otherwise;
    }
}

/// True for words about this device that are not the service's: a gateway knows neither ids nor signatures. The service
/// says 404 in its own error form, and 401 in some JSON object, its challenge for one.
bool isGateways(const HttpAnswer& answer, int errorCode)
{
    return (answer.status == 404 && errorCode / 1000 != 404) ||
           (answer.status == 401 && !jsonObjectOf(answer, kRegister).ok());
}

Error notUnderstood(std::string what, const HttpAnswer& answer)
{
    return makeError(CloudCode::AnswerMalformed, std::move(what), kRegister, HttpStatus{answer.status});
}

Result<attestation::ActivationBlob> blobOf(const std::string& base64, const HttpAnswer& answer)
{
    const auto bytes = crypto::fromBase64(base64);
    if (!bytes) {
        return notUnderstood("authenticationKey is not base64", answer);
    }
    return attestation::parseActivationBlob(*bytes);
}

Result<RegistrationProgress> assignedOf(const MemberReader& state, const HttpAnswer& answer)
{
    Assigned assigned;
    assigned.assignment = {state.looseText("assignedHub"), state.looseText("deviceId"),
                           enrollment::RegistrationId{state.looseText("registrationId")}, "assigned",
                           dps::serviceText(state.looseText("substatus"))};
    if (assigned.assignment.hub.empty() || assigned.assignment.deviceId.empty()) {
        return notUnderstood("the service answers 'assigned' without a hub or a device id", answer);
    }
    const auto& [hub, deviceId, registrationId, status, substatus] = assigned.assignment;
    if (std::max({hub.size(), deviceId.size(), registrationId.text().size()}) > kLongestName) {
        return notUnderstood("the service answers 'assigned' with a name of more than " + std::to_string(kLongestName) +
                                 " bytes",
                             answer);
    }
    const auto key = state.looseObject("tpm").looseText("authenticationKey");
    TRY_ASSIGN(assigned.deviceKey, blobOf(key, answer));
    return RegistrationProgress{std::move(assigned)};
}

Error failedOf(const MemberReader& state, const HttpAnswer& answer)
{
    const int errorCode = state.looseInteger("errorCode");
    const auto code = errorCode / 1000 == 404 || errorCode == static_cast<int>(ServiceErrorCode::EndorsementKeyInvalid)
                          ? codeOf(errorCode / 1000, errorCode, CloudCode::ProvisioningFailed)
                          : CloudCode::ProvisioningFailed;
    return makeError(code, std::to_string(errorCode) + " " + dps::serviceText(state.looseText("errorMessage")),
                     kRegister, HttpStatus{answer.status});
}

Result<RegistrationProgress> assigningOf(const MemberReader& body, const HttpAnswer& answer)
{
    auto operationId = body.looseText("operationId");
    if (operationId.empty() || operationId.size() > kLongestName) {
        return notUnderstood("the service answers 'assigning' without a usable operationId", answer);
    }
    return RegistrationProgress{StillAssigning{std::move(operationId)}};
}

Result<RegistrationProgress> progressOf(RegistrationStatus status, const MemberReader& body, const HttpAnswer& answer)
{
    const auto state = body.looseObject("registrationState");
    switch (status) {
    case RegistrationStatus::Assigning:
        return assigningOf(body, answer);
    case RegistrationStatus::Assigned:
        return assignedOf(state, answer);
    case RegistrationStatus::Disabled:
        return makeError(CloudCode::EnrollmentDisabled, "the service answers status 'disabled'", kRegister,
                         HttpStatus{answer.status});
    case RegistrationStatus::Failed:
        return failedOf(state, answer);
    case RegistrationStatus::Unassigned:
        break;
    }
    return notUnderstood("the service answers status 'unassigned'", answer);
}

} // namespace

Error registrationError(const HttpAnswer& answer)
{
    const auto refusal = dps::refusalOf(answer);
    const auto code = isGateways(answer, refusal.errorCode)
                          ? ErrorCode{CloudCode::AnswerMalformed}
                          : codeOf(answer.status, refusal.errorCode, CloudCode::AnswerMalformed);
    const int number = refusal.errorCode != 0 ? refusal.errorCode : answer.status;
    return makeError(code, std::to_string(number) + " " + refusal.message, kRegister, HttpStatus{answer.status});
}

Result<RegistrationChallenge> judgeChallenge(const HttpAnswer& answer)
{
    if (answer.status == 401) {
        TRY_ASSIGN(const auto object, jsonObjectOf(answer, kRegister));
        const MemberReader body{object};
        const auto key = body.looseText("authenticationKey");
        if (key.empty()) {
            return registrationError(answer);
        }
        auto name = body.looseText("keyName");
        if (name.size() > kLongestName) {
            return notUnderstood("the challenge's keyName has more than " + std::to_string(kLongestName) + " bytes",
                                 answer);
        }
        TRY_ASSIGN(auto blob, blobOf(key, answer));
        return RegistrationChallenge{std::move(blob), name.empty() ? "registration" : std::move(name)};
    }
    if (answer.status == 200 || answer.status == 202) {
        TRY(judgeProgress(answer)); // returns the reason if it is a refusal
        return notUnderstood("the service sent no challenge", answer);
    }
    return registrationError(answer);
}

Result<RegistrationProgress> judgeProgress(const HttpAnswer& answer)
{
    if (answer.status != 200 && answer.status != 202) {
        return registrationError(answer);
    }
    TRY_ASSIGN(const auto object, jsonObjectOf(answer, kRegister));
    const MemberReader body{object};
    const auto word = asciiLowered(body.looseText("status"));
    const auto status = provisioning::registrationStatusFromText(word);
    if (!status) {
        return notUnderstood("unknown status '" + dps::serviceText(word) + "'", answer);
    }
    return progressOf(*status, body, answer);
}

std::chrono::milliseconds pollDelay(const HttpAnswer& answer, UtcTime now)
{
    constexpr std::chrono::seconds kLeast{2};
    return std::max(kLeast, dps::retryAfterOf(answer, now).value_or(kLeast));
}

Result<std::string> authorityOf(const std::string& serviceUrl)
{
    constexpr std::string_view kScheme = "https://";
    if (!serviceUrl.starts_with(kScheme)) {
        return makeError(StationCode::UsageInvalid, "the service's URL must begin with https://: " + serviceUrl);
    }
    auto authority = serviceUrl.substr(kScheme.size());
    if (authority.ends_with('/')) {
        authority.pop_back();
    }
    if (authority.empty() || authority.find_first_of("/?#@ ") != std::string::npos) {
        return makeError(StationCode::UsageInvalid, "the service's URL must be https://host[:port]: " + serviceUrl);
    }
    return authority;
}

} // namespace enroll::db::registration
