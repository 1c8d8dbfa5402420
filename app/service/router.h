#pragma once

#include "app/service/service_call.h"

namespace enroll::service {

/// Answers one request: finds its route, checks its api-version and its right, runs it, turns a refusal into the
/// service's error form, counts it. May wait for the list. Any thread, with that thread's list.
HttpResponse route(const HttpRequest& request, const ServiceContext& context, provisioning::EnrollmentList& list);

/// The answer to a request that nobody has time for.
HttpResponse overloaded(const ServiceContext& context);

/// The answer to what never became a request: \p status is 400, 413 or 431.
HttpResponse unreadable(const ServiceContext& context, int status);

} // namespace enroll::service
