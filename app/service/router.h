#pragma once

#include "app/service/service_call.h"

namespace enroll::app::service {

/// Answers one request: finds its route, checks api-version and right, runs the route, turns a refusal into the
/// service's error form, and counts it. May block on \p list, which belongs to the calling thread.
HttpResponse route(const ReceivedRequest& request, const ServiceContext& context, provisioning::EnrollmentList& list);

/// The response when too many requests wait: 503.
HttpResponse overloaded(const ServiceContext& context);

/// The response to bytes that are not a request; \p status is 400, 413 or 431.
HttpResponse unreadable(const ServiceContext& context, int status);

} // namespace enroll::app::service
