#include "db/upload/dps_answer.h"

#include "core/crypto/base64.h"
#include "core/enrollment/registration_id.h"
#include "core/provisioning/service_error.h"
#include "db/documents/individual_enrollment_document.h"
#include "db/upload/json_body.h"

#include <algorithm>

namespace enroll::db::upload {
namespace {

using provisioning::BulkEnrollmentError;
using provisioning::BulkEnrollmentResult;
using provisioning::ServiceErrorCode;

constexpr auto kBulk = "POST /enrollments";
constexpr auto kRead = "GET /enrollments/{id}";

ErrorCode codeOfStatus(int status, int errorCode)
{
    if (errorCode == static_cast<int>(ServiceErrorCode::RightMissing)) {
        return ErrorCode::CloudForbids;
    }
    switch (status) {
    case 401:
        return ErrorCode::CloudRefusedSignIn;
    case 403:
        return ErrorCode::CloudForbids;
    case 404:
        return ErrorCode::CloudDoesNotKnowId;
    case 408:
        return ErrorCode::CloudTimedOut;
    case 409:
        return ErrorCode::CloudHasOtherKey;
    case 429:
        return ErrorCode::CloudBusy;
    default:
        break;
    }
    if (status >= 500 && status < 600) {
        return ErrorCode::CloudFault;
    }
    return status >= 400 && status < 500 ? ErrorCode::CloudRefusedRequest : ErrorCode::CloudAnswerMalformed;
}

// 429 and 503 say that the request was turned away at the door; behind any other fault, work may have been done.
Delivery deliveryOf(int status)
{
    return (status >= 500 && status != 503) || status == 408 ? Delivery::InDoubt : Delivery::NotDelivered;
}

bool spoilsCall(int status)
{
    return status == 400 || status == 409 || status == 412 || status == 413 || status == 422;
}

std::string reasonOf(int errorCode, const std::string& message)
{
    return message.empty() ? std::to_string(errorCode) : std::to_string(errorCode) + " " + message;
}

Undecided undecided(const HttpAnswer& answer, const std::string& operation, UtcTime now)
{
    return {errorOfAnswer(answer, operation), retryAfterOf(answer, now), deliveryOf(answer.status)};
}

ItemVerdict verdictOf(const BulkEnrollmentError& item)
{
    const int status = item.errorCode >= 1000 ? item.errorCode / 1000 : item.errorCode;
    const auto reason = reasonOf(item.errorCode, item.errorStatus);
    if (status == 409) {
        return Conflict{};
    }
    const auto code = codeOfStatus(status, item.errorCode);
    if (status == 429 || status == 408 || status >= 500) {
        return Undecided{makeError(code, reason, kBulk, HttpStatus{status}), {}, deliveryOf(status)};
    }
    return Rejected{status == 403 ? ErrorCode::CloudForbids : ErrorCode::CloudRefusedRequest, reason};
}

/// A call of one record that was refused for what it carries: the call's answer is the record's.
ItemVerdict verdictOfSingle(const HttpAnswer& answer)
{
    if (answer.status == 409) {
        return Conflict{};
    }
    const auto refusal = refusalOf(answer);
    return Rejected{ErrorCode::CloudRefusedRequest,
                    reasonOf(refusal.errorCode != 0 ? refusal.errorCode : answer.status, refusal.message)};
}

BulkVerdict notUnderstood(std::string what)
{
    return Undecided{makeError(ErrorCode::CloudAnswerMalformed, std::move(what), kBulk), {}, Delivery::InDoubt};
}

BulkVerdict verdictsOf(const BulkEnrollmentResult& result, std::span<const enrollment::RegistrationId> ids)
{
    if (!result.isSuccessful && result.errors.empty()) {
        return notUnderstood("not successful, yet no record has an error");
    }
    std::vector<ItemVerdict> verdicts(ids.size(), Accepted{});
    for (const auto& item : result.errors) {
        const auto at = std::ranges::find_if(
            ids, [&](const auto& id) { return enrollment::sameRegistrationId(id, item.registrationId); });
        if (at == ids.end()) {
            return notUnderstood("an error for an id that was not sent: " + item.registrationId.text());
        }
        verdicts[static_cast<std::size_t>(at - ids.begin())] = verdictOf(item);
    }
    return verdicts;
}

Result<BulkEnrollmentResult> bulkResultOf(const HttpAnswer& answer)
{
    return documents::bulkResultFromJson(TRY(jsonObjectOf(answer, kBulk)));
}

std::string differenceTo(const QJsonObject& attestation, ByteView endorsementKey)
{
    const auto type = textOf(attestation, "type");
    if (type != "tpm") {
        return "the service holds this id with attestation type '" + type + "'";
    }
    const auto held = crypto::fromBase64(textOf(attestation.value(QLatin1String("tpm")).toObject(), "endorsementKey"));
    if (!held || !equalBytes(*held, endorsementKey)) {
        return "the service holds this id with another endorsement key";
    }
    return {};
}

} // namespace

ServiceRefusal refusalOf(const HttpAnswer& answer)
{
    const auto body = jsonObjectOf(answer, {});
    if (!body) {
        return {};
    }
    return {body->value(QLatin1String("errorCode")).toInt(), textOf(*body, "message")};
}

Error errorOfAnswer(const HttpAnswer& answer, const std::string& operation)
{
    const auto refusal = refusalOf(answer);
    return makeError(codeOfStatus(answer.status, refusal.errorCode),
                     reasonOf(refusal.errorCode != 0 ? refusal.errorCode : answer.status, refusal.message), operation,
                     HttpStatus{answer.status});
}

BulkVerdict judgeBulkAnswer(const HttpAnswer& answer, std::span<const enrollment::RegistrationId> ids, UtcTime now)
{
    if (answer.status == 200) {
        const auto result = bulkResultOf(answer);
        return result ? verdictsOf(*result, ids) : notUnderstood(result.error().what);
    }
    if (spoilsCall(answer.status)) {
        return ids.size() == 1 ? BulkVerdict{std::vector{verdictOfSingle(answer)}}
                               : BulkVerdict{SpoiledCall{errorOfAnswer(answer, kBulk).what}};
    }
    auto open = undecided(answer, kBulk, now);
    if (open.error.code == ErrorCode::CloudDoesNotKnowId || open.error.code == ErrorCode::CloudRefusedRequest) {
        open.error.code = ErrorCode::CloudAnswerMalformed; // no provisioning service answers a bulk call like this
    }
    return open;
}

ReadBackOutcome judgeEnrollmentAnswer(const HttpAnswer& answer, const enrollment::RegistrationId& id,
                                      ByteView endorsementKey, UtcTime now)
{
    if (answer.status == 404) {
        return Absent{};
    }
    if (answer.status != 200) {
        return undecided(answer, kRead, now);
    }
    const auto held = jsonObjectOf(answer, kRead);
    if (!held || !enrollment::sameRegistrationId(id, enrollment::RegistrationId{textOf(*held, "registrationId")})) {
        return Undecided{makeError(ErrorCode::CloudAnswerMalformed, "the answer is not this enrollment", kRead)};
    }
    auto difference = differenceTo(held->value(QLatin1String("attestation")).toObject(), endorsementKey);
    if (!difference.empty()) {
        return Rejected{ErrorCode::CloudHasOtherKey, std::move(difference)};
    }
    return Accepted{};
}

} // namespace enroll::db::upload
