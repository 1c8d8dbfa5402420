#include "app/service/service_call.h"

#include "core/base/text.h"
#include "db/documents/individual_enrollment_document.h"
#include "db/documents/json_text.h"

namespace enroll::app::service {

using provisioning::ServiceError;
using provisioning::ServiceErrorCode;

namespace {

/// Clients look for this very text, in lower case, before they parse a body.
constexpr auto kJsonType = "application/json; charset=utf-8";

/// A call that was refused because others were being served may be repeated after this time: they are served by then.
constexpr auto kRetryAfterSeconds = "1";

/// "Application/JSON ; charset=utf-8" -> "application/json".
std::string mediaType(const std::string& contentType)
{
    auto type = asciiLowered(contentType.substr(0, contentType.find(';')));
    type.erase(type.find_last_not_of(" \t") + 1);
    return type;
}

HttpResponse withBody(int status, const QByteArray& json)
{
    return {status, {{"Content-Type", kJsonType}}, json.toStdString()};
}

} // namespace

ServiceError tooLarge(qsizetype most)
{
    return {ServiceErrorCode::BodyTooLarge, "At most " + std::to_string(most) + " bytes are taken."};
}

provisioning::ServiceResult<QJsonObject> jsonBody(const ReceivedRequest& request, qsizetype most)
{
    const auto type = mediaType(request.header("content-type"));
    if (!type.empty() && type != "application/json") {
        return ServiceError{ServiceErrorCode::MediaTypeUnsupported};
    }
    if (static_cast<qsizetype>(request.body.size()) > most) {
        return tooLarge(most);
    }
    auto object = db::documents::parseJsonObject(asBytes(request.body));
    if (!object) {
        return ServiceError{ServiceErrorCode::RequestMalformed,
                            "The body is not a JSON object: " + object.error().what};
    }
    return std::move(object).value();
}

HttpResponse jsonResponse(int status, const QJsonObject& body)
{
    return withBody(status, db::documents::canonicalJson(body));
}

HttpResponse jsonResponse(int status, const QJsonArray& body)
{
    return withBody(status, db::documents::canonicalJson(body));
}

HttpResponse errorResponse(const ServiceError& error, const std::string& trackingId, UtcTime now)
{
    const int code = static_cast<int>(error.code);
    auto response = jsonResponse(provisioning::httpStatusOf(error.code),
                                 QJsonObject{{QStringLiteral("errorCode"), code},
                                             {QStringLiteral("trackingId"), QString::fromStdString(trackingId)},
                                             {QStringLiteral("message"), QString::fromStdString(error.message())},
                                             {QStringLiteral("timestampUtc"), db::documents::serviceTimestamp(now)}});
    response.headers.emplace_back("x-ms-error-code", std::to_string(code));
    if (error.code == ServiceErrorCode::Overloaded) {
        response.headers.emplace_back("Retry-After", kRetryAfterSeconds);
    }
    return response;
}

} // namespace enroll::app::service
