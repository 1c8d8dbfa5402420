#include "db/dps/dps_answer.h"

#include "core/base/cloud_code.h"
#include "core/base/device_code.h"
#include "core/base/recoded.h"
#include "core/crypto/base64.h"
#include "core/enrollment/registration_id.h"
#include "core/provisioning/service_error.h"
#include "db/documents/individual_enrollment_document.h"
#include "db/documents/member_reader.h"
#include "db/dps/held_enrollment.h"
#include "db/dps/json_body.h"
#include "db/dps/service_text.h"

#include <algorithm>
#include <utility>

namespace enroll::db::dps {
namespace {

using delivery::Absent;
using delivery::Accepted;
using delivery::ReadBackOutcome;
using delivery::Trouble;
using delivery::TroubleKind;
using documents::MemberReader;
using provisioning::BulkEnrollmentError;
using provisioning::BulkEnrollmentResult;
using provisioning::ServiceErrorCode;

constexpr auto kBulk = "POST /enrollments";
constexpr auto kRead = "GET /enrollments/{id}";

ErrorCode codeOfStatus(int status, int errorCode)
{
    if (errorCode == static_cast<int>(ServiceErrorCode::RightMissing)) {
        return CloudCode::Forbids;
    }
    switch (status) {
    case 401:
        return CloudCode::RefusedSignIn;
    case 403:
        return CloudCode::Forbids;
    case 404:
        return CloudCode::DoesNotKnowId;
    case 408:
        return CloudCode::TimedOut;
    case 409:
        return CloudCode::HasOtherKey;
    case 429:
        return CloudCode::Busy;
    default:
        break;
    }
    if (status >= 500 && status < 600) {
        return CloudCode::Fault;
    }
    return status >= 400 && status < 500 ? CloudCode::RefusedRequest : CloudCode::AnswerMalformed;
}

// 429 and 503 say that the request was turned away at the door; behind any other fault, work may have been done, and
// behind a success that is not the one in the protocol all the more.
TroubleKind kindOfStatus(int status)
{
    if (status == 429 || status == 503) {
        return TroubleKind::Busy;
    }
    const bool mayBeDone = status < 300 || status >= 500 || status == 408;
    return mayBeDone ? TroubleKind::InDoubt : TroubleKind::Unreachable;
}

bool needsPerson(int status)
{
    return status == 401 || status == 403;
}

bool spoilsCall(int status)
{
    return status == 400 || status == 409 || status == 412 || status == 413 || status == 422;
}

std::string reasonOf(int errorCode, const std::string& message)
{
    return message.empty() ? std::to_string(errorCode) : std::to_string(errorCode) + " " + message;
}

/// True if the service itself refused, in its own form; a gateway in between has another.
bool isOwnWord(const HttpAnswer& answer)
{
    return refusalOf(answer).errorCode / 1000 == answer.status;
}

/// \p trouble that knows its code for whoever does not wait as long as a busy service asks.
Trouble withLongWait(Trouble trouble)
{
    if (trouble.error.code == CloudCode::Busy) {
        trouble.longWaitCode = CloudCode::AsksForLongWait;
    }
    return trouble;
}

Trouble notOwnWord(const HttpAnswer& answer, const std::string& operation, UtcTime now)
{
    return {TroubleKind::InDoubt, recoded(errorOfAnswer(answer, operation), CloudCode::AnswerMalformed),
            retryAfterOf(answer, now)};
}

Trouble troubleOf(const HttpAnswer& answer, const std::string& operation, UtcTime now)
{
    if (needsPerson(answer.status)) {
        return isOwnWord(answer) ? Trouble{TroubleKind::NeedsPerson, errorOfAnswer(answer, operation), {}}
                                 : notOwnWord(answer, operation, now);
    }
    return withLongWait({kindOfStatus(answer.status), errorOfAnswer(answer, operation), retryAfterOf(answer, now)});
}

int statusOf(const BulkEnrollmentError& item)
{
    return item.errorCode >= 1000 ? item.errorCode / 1000 : item.errorCode;
}

ItemVerdict verdictOf(const BulkEnrollmentError& item)
{
    const int status = statusOf(item);
    const auto reason = reasonOf(item.errorCode, serviceText(item.errorStatus));
    if (status == 409) {
        return Conflict{};
    }
    if (needsPerson(status)) {
        return Trouble{
            TroubleKind::RefusedAll, makeError(CloudCode::RefusesAll, reason, kBulk, HttpStatus{status}), {}};
    }
    if (status == 429 || status == 408 || status >= 500) {
        return withLongWait({kindOfStatus(status),
                             makeError(codeOfStatus(status, item.errorCode), reason, kBulk, HttpStatus{status}),
                             {}});
    }
    return Refused{item.errorCode, reason};
}

/// A call of one record that was refused for what it carries: the call's answer is the record's.
ItemVerdict verdictOfSingle(const HttpAnswer& answer, UtcTime now)
{
    if (answer.status == 409) {
        return Conflict{};
    }
    if (!isOwnWord(answer)) {
        return notOwnWord(answer, kBulk, now);
    }
    const auto refusal = refusalOf(answer);
    return Refused{refusal.errorCode, reasonOf(refusal.errorCode, refusal.message)};
}

BulkVerdict notUnderstood(std::string what)
{
    return Trouble{TroubleKind::InDoubt, makeError(CloudCode::AnswerMalformed, std::move(what), kBulk), {}};
}

BulkVerdict verdictsOf(const BulkEnrollmentResult& result, std::span<const enrollment::RegistrationId> ids)
{
    if (result.isSuccessful != result.errors.empty()) {
        return notUnderstood(result.isSuccessful ? "successful, yet records have errors"
                                                 : "not successful, yet no record has an error");
    }
    std::vector<ItemVerdict> verdicts(ids.size(), Accepted{});
    if (!result.isSuccessful) {
        verdicts.assign(ids.size(), NotMentioned{});
    }
    std::vector<int> codes(ids.size(), 0);
    for (const auto& item : result.errors) {
        const auto at = std::ranges::find_if(
            ids, [&](const auto& id) { return enrollment::sameRegistrationId(id, item.registrationId); });
        if (at == ids.end()) {
            return notUnderstood("an error for an id that was not sent: " + serviceText(item.registrationId.text()));
        }
        if (statusOf(item) < 400 || statusOf(item) > 599) {
            return notUnderstood("the record " + item.registrationId.text() + " is refused with the code " +
                                 std::to_string(item.errorCode) + ", which stands for no error");
        }
        const auto index = static_cast<std::size_t>(at - ids.begin());
        if (const int before = std::exchange(codes[index], item.errorCode); before != 0 && before != item.errorCode) {
            return notUnderstood("two errors for one id: " + item.registrationId.text());
        }
        verdicts[index] = verdictOf(item);
    }
    return verdicts;
}

Result<BulkEnrollmentResult> bulkResultOf(const HttpAnswer& answer)
{
    TRY_ASSIGN(const auto body, jsonObjectOf(answer, kBulk));
    return documents::bulkResultFromJson(body);
}

/// True for refusals that are no trouble of the whole service: to reading one enrollment they are no answer at all.
bool isOfThisQuestion(ErrorCode code)
{
    return code == CloudCode::RefusedRequest || code == CloudCode::HasOtherKey || code == CloudCode::DoesNotKnowId ||
           code == CloudCode::AnswerMalformed;
}

std::string keyDifference(const MemberReader& attestation, ByteView endorsementKey)
{
    const auto type = attestation.looseText("type");
    if (type != "tpm") {
        return "the service holds this id with attestation type '" + serviceText(type) + "'";
    }
    const auto held = crypto::fromBase64(attestation.looseObject("tpm").looseText("endorsementKey"));
    if (!held || !equalBytes(*held, endorsementKey)) {
        return "the service holds this id with another endorsement key";
    }
    return {};
}

ReadBackOutcome heldOtherwise(ErrorCode code, std::string difference)
{
    return Trouble{TroubleKind::RefusedRecord, makeError(code, std::move(difference), kRead), {}};
}

} // namespace

ServiceRefusal refusalOf(const HttpAnswer& answer)
{
    const auto body = jsonObjectOf(answer, {});
    if (!body) {
        return {};
    }
    const MemberReader refusal{*body};
    return {refusal.looseInteger("errorCode"), serviceText(refusal.looseText("message"))};
}

Error errorOfAnswer(const HttpAnswer& answer, const std::string& operation)
{
    const auto refusal = refusalOf(answer);
    return makeError(codeOfStatus(answer.status, refusal.errorCode),
                     reasonOf(refusal.errorCode != 0 ? refusal.errorCode : answer.status, refusal.message), operation,
                     HttpStatus{answer.status});
}

Trouble troubleOf(const NoAnswer& none)
{
    if (none.delivery == Delivery::InDoubt) {
        return {TroubleKind::InDoubt, none.error, {}};
    }
    // What the next call may well not meet. Everything else is this station's own: its key, its trusted certificates.
    const auto code = none.error.code;
    const bool passes = code == CloudCode::Unreachable || code == CloudCode::TimedOut ||
                        code == CloudCode::AnswerMalformed || code == DeviceCode::Cancelled;
    return {passes ? TroubleKind::Unreachable : TroubleKind::NeedsPerson, none.error, {}};
}

BulkVerdict judgeBulkAnswer(const HttpAnswer& answer, std::span<const enrollment::RegistrationId> ids, UtcTime now)
{
    if (answer.status == 200) {
        const auto result = bulkResultOf(answer);
        return result ? verdictsOf(*result, ids) : notUnderstood(result.error().what);
    }
    if (spoilsCall(answer.status)) {
        return ids.size() == 1 ? BulkVerdict{std::vector{verdictOfSingle(answer, now)}}
                               : BulkVerdict{SpoiledCall{errorOfAnswer(answer, kBulk)}};
    }
    auto trouble = troubleOf(answer, kBulk, now);
    for (const auto code : {CloudCode::DoesNotKnowId, CloudCode::RefusedRequest}) {
        // No provisioning service answers a bulk call like this.
        trouble.error = recodedIf(std::move(trouble.error), code, CloudCode::AnswerMalformed);
    }
    return trouble;
}

bool refusesQuestions(const HttpAnswer& answer)
{
    const bool isRefusal = answer.status >= 400 && answer.status < 500 && answer.status != 404 &&
                           answer.status != 408 && answer.status != 429;
    return isRefusal && isOwnWord(answer);
}

ReadBackOutcome judgeEnrollmentAnswer(const HttpAnswer& answer, const provisioning::IndividualEnrollment& wanted,
                                      UtcTime now)
{
    if ((answer.status == 404 || answer.status == 400) && isOwnWord(answer)) {
        const bool ofThisId = refusalOf(answer).errorCode == static_cast<int>(ServiceErrorCode::EnrollmentUnknown);
        return ofThisId ? Absent{} : Absent{errorOfAnswer(answer, kRead)};
    }
    if (answer.status != 200) {
        auto trouble = troubleOf(answer, kRead, now);
        return isOfThisQuestion(trouble.error.code) ? notOwnWord(answer, kRead, now) : trouble;
    }
    const auto body = jsonObjectOf(answer, kRead);
    const MemberReader held{body ? *body : QJsonObject{}};
    if (!body || !enrollment::sameRegistrationId(wanted.registrationId,
                                                 enrollment::RegistrationId{held.looseText("registrationId")})) {
        return Trouble{TroubleKind::InDoubt,
                       makeError(CloudCode::AnswerMalformed, "the answer is not this enrollment", kRead),
                       {}};
    }
    auto otherKey = keyDifference(held.looseObject("attestation"), wanted.attestation.endorsementKey);
    if (!otherKey.empty()) {
        return heldOtherwise(CloudCode::HasOtherKey, std::move(otherKey));
    }
    const auto others = differences(wanted, *body);
    return others.empty() ? ReadBackOutcome{Accepted{}}
                          : heldOtherwise(CloudCode::HoldsOtherSettings, differencesText(others));
}

} // namespace enroll::db::dps
