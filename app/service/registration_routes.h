#pragma once

#include "app/service/service_call.h"

/// The routes of the device API, one function each: challenge, registration, polling.
/// Source: DPS REST specification, device API 2021-06-01.
namespace enroll::app::service {

RouteResult registerDevice(const ServiceCall& call);
RouteResult lookUpDevice(const ServiceCall& call);
RouteResult queryOperation(const ServiceCall& call);

} // namespace enroll::app::service
