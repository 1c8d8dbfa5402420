#pragma once

#include "app/service/http_message.h"
#include "app/service/metrics.h"
#include "app/service/request_target.h"
#include "app/service/service_policy.h"
#include "app/service/store_check.h"
#include "core/provisioning/registration_flow.h"

#include <QJsonArray>
#include <QJsonObject>

#include <memory>

namespace enroll::app::service {

/// What every call is served by; the same for the life of the process.
struct ServiceContext {
    provisioning::FlowSettings flow;
    std::vector<ServicePolicy> policies;
    std::string hostName; ///< as in the connection string
    Metrics& metrics;
    std::function<UtcTime()> now;
    std::function<std::size_t()> openConnections;
    std::shared_ptr<StoreCheck> storeCheck = std::make_shared<StoreCheck>(); ///< never null
};

/// One request on its way through a route.
struct ServiceCall {
    const ReceivedRequest& request;
    const RequestTarget& target;
    const ServiceContext& context;
    provisioning::EnrollmentList& list;
};

using RouteResult = provisioning::ServiceResult<HttpResponse>;

/// The body as a JSON object.
///
/// \par Errors   400001, 413000 (longer than \p most bytes), 415000
provisioning::ServiceResult<QJsonObject> jsonBody(const ReceivedRequest& request, qsizetype most);

/// 413000, saying how many bytes are taken.
provisioning::ServiceError tooLarge(qsizetype most);

HttpResponse jsonResponse(int status, const QJsonObject& body);
HttpResponse jsonResponse(int status, const QJsonArray& body);
/// The service's error form; with Retry-After if the service is busy.
/// Source: DPS REST specification, "ProvisioningServiceErrorDetails".
HttpResponse errorResponse(const provisioning::ServiceError& error, const std::string& trackingId, UtcTime now);

} // namespace enroll::app::service
