#include "app/service/router.h"

#include "app/service/authorization.h"
#include "app/service/enrollment_routes.h"
#include "app/service/registration_routes.h"
#include "core/base/text.h"
#include "core/base/uuid.h"
#include "core/base/without_exceptions.h"

#include <algorithm>
#include <array>
#include <iostream>

namespace enroll::app::service {

using provisioning::ServiceError;
using provisioning::ServiceErrorCode;

namespace {

/// Reads a part of the list now and then, so that "ok" means that the store works, too. A store of which something cannot be read
/// serves the rest: that is said with 200, or a balancer would take the service away from every device. Which document
/// it is stands in the log alone: anybody may ask for the health.
RouteResult health(const ServiceCall& call)
{
    TRY_ASSIGN(const auto found, call.context.storeCheck->goOn(call.list, call.context.now()));
    const bool good = found == StoreCheck::Found::Good;
    return jsonResponse(
        200, QJsonObject{{QStringLiteral("status"), good ? QStringLiteral("ok") : QStringLiteral("degraded")},
                         {QStringLiteral("version"), QStringLiteral(ENROLL_VERSION)},
                         {QStringLiteral("store"), good ? QStringLiteral("ok") : QStringLiteral("damaged")}});
}

RouteResult metrics(const ServiceCall& call)
{
    return HttpResponse{200,
                        {{"Content-Type", "text/plain; version=0.0.4; charset=utf-8"}},
                        call.context.metrics.text(call.context.openConnections())};
}

/// Who may call a route: anybody; a device, which the route itself authenticates; or a policy that has this right.
struct Anybody {};
struct Device {};
using Audience = std::variant<Anybody, Device, Right>;

struct Route {
    const char* name;
    const char* method;
    std::vector<std::string> pattern; ///< "*" stands for one segment
    Audience audience;
    RouteResult (*run)(const ServiceCall&);
};

/// The first route that fits is taken, so a fixed word stands before a wildcard.
const std::vector<Route>& routes()
{
    static const std::vector<Route> all{
        {"health", "GET", {"health"}, Anybody{}, &health},
        {"metrics", "GET", {"metrics"}, Anybody{}, &metrics},
        {"enrollments-bulk", "POST", {"enrollments"}, Right::EnrollmentWrite, &runBulkOperation},
        {"enrollments-query", "POST", {"enrollments", "query"}, Right::EnrollmentRead, &queryEnrollments},
        {"enrollment-put", "PUT", {"enrollments", "*"}, Right::EnrollmentWrite, &putEnrollment},
        {"enrollment-get", "GET", {"enrollments", "*"}, Right::EnrollmentRead, &getEnrollment},
        {"enrollment-delete", "DELETE", {"enrollments", "*"}, Right::EnrollmentWrite, &deleteEnrollment},
        {"attestation-mechanism",
         "POST",
         {"enrollments", "*", "attestationmechanism"},
         Right::EnrollmentRead,
         &getAttestationMechanism},
        {"registration-get", "GET", {"registrations", "*"}, Right::RegistrationStatusRead, &getRegistration},
        {"registration-delete", "DELETE", {"registrations", "*"}, Right::RegistrationStatusWrite, &deleteRegistration},
        {"device-lookup", "POST", {"*", "registrations", "*"}, Device{}, &lookUpDevice},
        {"device-register", "PUT", {"*", "registrations", "*", "register"}, Device{}, &registerDevice},
        {"device-operation", "GET", {"*", "registrations", "*", "operations", "*"}, Device{}, &queryOperation},
    };
    return all;
}

bool fits(const Route& route, const std::vector<std::string>& path)
{
    return std::ranges::equal(route.pattern, path, [](const std::string& pattern, const std::string& segment) {
        return pattern == "*" || pattern == asciiLowered(segment);
    });
}

/// The api-versions that published client libraries send. All are accepted: devices in the field are of every age.
constexpr std::array kApiVersions{
    "2017-08-31-preview", "2017-11-15",         "2018-04-01",         "2018-09-01-preview", "2018-11-01",
    "2019-03-31",         "2021-06-01",         "2021-10-01",         "2021-11-01-preview", "2025-07-01-preview",
    "2026-11-01",         "2026-11-02-preview", "2026-11-15-preview",
};

provisioning::ServiceResult<void> requireApiVersion(const RequestTarget& target)
{
    const auto given = target.query.find("api-version");
    if (given == target.query.end() || std::ranges::find(kApiVersions, given->second) == kApiVersions.end()) {
        return ServiceError{ServiceErrorCode::ApiVersionMissing};
    }
    return {};
}

RouteResult serve(const Route& route, const ServiceCall& call)
{
    if (!std::holds_alternative<Anybody>(route.audience)) {
        TRY(requireApiVersion(call.target));
    }
    if (const auto* right = std::get_if<Right>(&route.audience)) {
        TRY(requireRight(call, *right));
    }
    return route.run(call);
}

struct Routed {
    std::string name;
    RouteResult result;
    std::string allowed = {}; ///< for 405: the methods that this path has
};

Routed dispatch(const ServiceCall& call)
{
    std::vector<std::string_view> allowed;
    for (const auto& route : routes()) {
        if (!fits(route, call.target.path)) {
            continue;
        }
        if (route.method == call.request.method) {
            return {route.name, serve(route, call)};
        }
        allowed.push_back(route.method);
    }
    const auto refusal = allowed.empty() ? ServiceErrorCode::ResourceUnknown : ServiceErrorCode::MethodNotAllowed;
    return {"none", ServiceError{refusal}, joined(allowed)};
}

Routed answer(const ReceivedRequest& request, const ServiceContext& context, provisioning::EnrollmentList& list)
{
    const auto target = parseRequestTarget(request.target);
    if (!target.ok()) {
        return {"none", provisioning::ServiceError(target.error())};
    }
    return dispatch({request, *target, context, list});
}

/// answer(); of an exception one, too, or the client would wait for ever.
Routed answerAlways(const ReceivedRequest& request, const ServiceContext& context, provisioning::EnrollmentList& list)
{
    auto routed = withoutExceptions<Routed>("answer a request", [&] { return answer(request, context, list); });
    return routed.ok() ? std::move(routed).value() : Routed{"none", ServiceError{routed.error()}, {}};
}

/// Writes the part of a refusal that the caller is not told to standard error, with the request id that he is told.
void log(const ServiceError& error, const std::string& requestId)
{
    if (!error.log.empty()) {
        std::cerr << requestId << ' ' << static_cast<int>(error.code) << ' ' << printableText(error.log) << std::endl;
    }
}

/// Adds the headers that every response has. "no-store": responses hold keys and challenges.
HttpResponse finished(HttpResponse response, const std::string& requestId)
{
    response.headers.emplace_back("x-ms-request-id", requestId);
    response.headers.emplace_back("Strict-Transport-Security", "max-age=31536000; includeSubDomains");
    response.headers.emplace_back("Cache-Control", "no-store");
    return response;
}

HttpResponse withoutRoute(const ServiceContext& context, ServiceErrorCode code)
{
    const auto requestId = makeUuidV7();
    context.metrics.countRequest("none", provisioning::httpStatusOf(code));
    return finished(errorResponse(ServiceError{code}, requestId, context.now()), requestId);
}

} // namespace

HttpResponse route(const ReceivedRequest& request, const ServiceContext& context, provisioning::EnrollmentList& list)
{
    const auto requestId = makeUuidV7();
    auto [name, result, allowed] = answerAlways(request, context, list);
    if (!result.ok()) {
        log(result.error(), requestId);
    }
    auto response = result.ok() ? std::move(result).value() : errorResponse(result.error(), requestId, context.now());
    if (!allowed.empty()) {
        response.headers.emplace_back("Allow", allowed);
    }
    context.metrics.countRequest(name, response.status);
    return finished(std::move(response), requestId);
}

HttpResponse overloaded(const ServiceContext& context)
{
    return withoutRoute(context, ServiceErrorCode::Overloaded);
}

HttpResponse unreadable(const ServiceContext& context, int status)
{
    switch (status) {
    case 413:
        return withoutRoute(context, ServiceErrorCode::BodyTooLarge);
    case 431:
        return withoutRoute(context, ServiceErrorCode::HeaderTooLarge);
    default:
        return withoutRoute(context, ServiceErrorCode::RequestMalformed);
    }
}

} // namespace enroll::app::service
