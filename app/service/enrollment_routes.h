#pragma once

#include "app/service/service_call.h"

/// The routes of the service API, one function each: a back end manages enrollments and asks for registrations. The
/// router has checked api-version and right.
/// Source: DPS REST specification, service API 2021-10-01.
namespace enroll::app::service {

RouteResult putEnrollment(const ServiceCall& call);
RouteResult getEnrollment(const ServiceCall& call);
RouteResult deleteEnrollment(const ServiceCall& call);
RouteResult runBulkOperation(const ServiceCall& call);
RouteResult queryEnrollments(const ServiceCall& call);
RouteResult getAttestationMechanism(const ServiceCall& call);
RouteResult getRegistration(const ServiceCall& call);
RouteResult deleteRegistration(const ServiceCall& call);

} // namespace enroll::app::service
