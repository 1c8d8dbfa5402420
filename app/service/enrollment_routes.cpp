#include "app/service/enrollment_routes.h"

#include "core/enrollment/registration_id.h"
#include "core/provisioning/enrollment_flow.h"
#include "db/documents/individual_enrollment_document.h"
#include "db/documents/member_reader.h"

#include <algorithm>
#include <charconv>
#include <set>

namespace enroll::app::service {

using namespace provisioning;
namespace documents = db::documents;

namespace {

constexpr qsizetype kMostBodyBytes = qsizetype{1024} * 1024;
/// The size of one enrollment, so that a page of a hundred stays below 10 MB.
/// Source: Azure documentation, "DPS service limits": message 96 KB.
constexpr qsizetype kMostEnrollmentBytes = qsizetype{96} * 1024;

EnrollmentFlow flowOf(const ServiceCall& call)
{
    return EnrollmentFlow{call.list, call.context.now};
}

ServiceResult<enrollment::RegistrationId> idInPath(const ServiceCall& call)
{
    auto id = enrollment::parseRegistrationId(call.target.path.at(1));
    if (!id.ok()) {
        return ServiceError{ServiceErrorCode::RegistrationIdInvalid, id.error().what};
    }
    return std::move(id).value();
}

HttpResponse noContent()
{
    return {204, {}, {}};
}

/// Removes the members that only the service writes. Clients send back whole objects that they have read, and their
/// JSON libraries may have changed the form of these members.
QJsonObject withoutReadOnlyMembers(QJsonObject enrollment)
{
    for (const auto* member : {"createdDateTimeUtc", "lastUpdatedDateTimeUtc", "registrationState"}) {
        enrollment.remove(QLatin1String(member));
    }
    return enrollment;
}

/// Applies one entry of a bulk call. A malformed entry is a refusal of this entry alone.
ServiceResult<void> applyEntry(const ServiceCall& call, BulkMode mode, const QJsonObject& entry)
{
    if (documents::canonicalJson(entry).size() > kMostEnrollmentBytes) {
        return tooLarge(kMostEnrollmentBytes);
    }
    TRY_ASSIGN(const auto enrollment, documents::bulkEntryFromJson(withoutReadOnlyMembers(entry), mode));
    return flowOf(call).apply(mode, enrollment);
}

std::string idIn(const QJsonValue& entry)
{
    return documents::MemberReader{entry.toObject()}.looseText("registrationId");
}

ServiceResult<QJsonArray> bulkEntries(const QJsonObject& body)
{
    const auto list = body.value(QLatin1String("enrollments"));
    const auto entries = list.toArray();
    if (!list.isArray() || entries.isEmpty() || static_cast<std::size_t>(entries.size()) > kMostBulkEnrollments) {
        return ServiceError{ServiceErrorCode::BulkMalformed,
                            "It takes 1 to " + std::to_string(kMostBulkEnrollments) + " enrollments."};
    }
    std::set<QString> seen;
    for (const auto& entry : entries) {
        const auto id = QString::fromStdString(idIn(entry));
        if (id.isEmpty()) {
            return ServiceError{ServiceErrorCode::BulkMalformed, "An enrollment has no registrationId."};
        }
        if (!seen.insert(id.toLower()).second) {
            return ServiceError{ServiceErrorCode::BulkMalformed,
                                "The registration id " + id.toStdString() + " appears twice."};
        }
    }
    return entries;
}

/// The size of a page: x-ms-max-item-count, at most kMostPerPage.
ServiceResult<std::size_t> pageSize(const ReceivedRequest& request)
{
    const auto text = request.header("x-ms-max-item-count");
    std::size_t size = kMostPerPage;
    if (text.empty()) {
        return size;
    }
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), size);
    if (fault != std::errc{} || end != text.data() + text.size() || size == 0) {
        return ServiceError{ServiceErrorCode::RequestMalformed,
                            "x-ms-max-item-count must be a whole number above zero."};
    }
    return std::min(size, kMostPerPage);
}

} // namespace

RouteResult putEnrollment(const ServiceCall& call)
{
    TRY_ASSIGN(const auto id, idInPath(call));
    TRY_ASSIGN(const auto body, jsonBody(call.request, kMostEnrollmentBytes));
    TRY_ASSIGN(auto enrollment, documents::individualEnrollmentFromJson(withoutReadOnlyMembers(body)));
    if (!enrollment::sameRegistrationId(id, enrollment.registrationId)) {
        return ServiceError{ServiceErrorCode::RequestMalformed, "Path and body name different registration ids."};
    }
    const auto ifMatch = call.request.header("if-match");
    auto flow = flowOf(call);
    TRY_ASSIGN(const auto stored, ifMatch.empty() ? flow.create(std::move(enrollment))
                                                  : flow.update(std::move(enrollment), etagCondition(ifMatch)));
    return jsonResponse(200, documents::toJson(stored));
}

RouteResult getEnrollment(const ServiceCall& call)
{
    TRY_ASSIGN(const auto id, idInPath(call));
    TRY_ASSIGN(const auto found, flowOf(call).find(id));
    auto body = documents::toJson(found.enrollment);
    if (found.registration) {
        body.insert(QStringLiteral("registrationState"), documents::toJson(*found.registration));
    }
    return jsonResponse(200, body);
}

RouteResult deleteEnrollment(const ServiceCall& call)
{
    TRY_ASSIGN(const auto id, idInPath(call));
    TRY(flowOf(call).remove(id, etagCondition(call.request.header("if-match"))));
    return noContent();
}

RouteResult runBulkOperation(const ServiceCall& call)
{
    TRY_ASSIGN(const auto body, jsonBody(call.request, kMostBodyBytes));
    const auto mode = bulkModeFromText(documents::MemberReader{body}.looseText("mode"));
    if (!mode) {
        return ServiceError{ServiceErrorCode::BulkMalformed,
                            "The mode must be create, update, updateIfMatchETag or delete."};
    }
    TRY_ASSIGN(const auto entries, bulkEntries(body));

    BulkEnrollmentResult result;
    for (const auto& entry : entries) {
        const auto outcome = applyEntry(call, *mode, entry.toObject());
        if (!outcome.ok()) {
            result.isSuccessful = false;
            result.errors.push_back({enrollment::RegistrationId{idIn(entry)}, static_cast<int>(outcome.error().code),
                                     outcome.error().message()});
        }
    }
    return jsonResponse(200, documents::toJson(result));
}

/// Any query text returns everything, as the public service does.
RouteResult queryEnrollments(const ServiceCall& call)
{
    TRY_ASSIGN(const auto body, jsonBody(call.request, kMostBodyBytes));
    if (!documents::MemberReader{body}.text("query").ok()) {
        return ServiceError{ServiceErrorCode::RequestMalformed, "The query is missing."};
    }
    TRY_ASSIGN(const auto size, pageSize(call.request));
    TRY_ASSIGN(const auto page, flowOf(call).page(call.request.header("x-ms-continuation"), size));

    QJsonArray list;
    for (const auto& enrollment : page.enrollments) {
        list.append(documents::toJson(enrollment));
    }
    auto response = jsonResponse(200, list);
    response.headers.emplace_back("x-ms-item-type", "enrollment");
    response.headers.emplace_back("x-ms-max-item-count", std::to_string(size));
    if (!page.continuation.empty()) {
        response.headers.emplace_back("x-ms-continuation", page.continuation);
    }
    return response;
}

RouteResult getAttestationMechanism(const ServiceCall& call)
{
    TRY_ASSIGN(const auto id, idInPath(call));
    TRY_ASSIGN(const auto found, flowOf(call).find(id));
    return jsonResponse(200, documents::toJson(found.enrollment).value(QLatin1String("attestation")).toObject());
}

RouteResult getRegistration(const ServiceCall& call)
{
    TRY_ASSIGN(const auto id, idInPath(call));
    TRY_ASSIGN(const auto found, flowOf(call).registration(id));
    return jsonResponse(200, documents::toJson(found));
}

RouteResult deleteRegistration(const ServiceCall& call)
{
    TRY_ASSIGN(const auto id, idInPath(call));
    TRY(flowOf(call).removeRegistration(id, etagCondition(call.request.header("if-match"))));
    return noContent();
}

} // namespace enroll::app::service
