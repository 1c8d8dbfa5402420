#pragma once

#include "core/provisioning/individual_enrollment.h"
#include "core/provisioning/service_error.h"

namespace enroll::provisioning {

/// The hub for a device. The same enrollment and hubs always give the same one. Pure; any thread.
///
/// The choice is among the enrollment's hubs or, if it names none, the service's. "static" takes the first. "hashed"
/// takes the hub with the highest SHA-256 of registration id and hub name: when a hub is added or removed, only the
/// devices of that hub move. "geoLatency" does the same as "hashed", since the service does not measure latencies.
/// \par Errors   400208 (no hub), 400008 (custom allocation, for which the service would have to call a web hook)
ServiceResult<std::string> chooseHub(const IndividualEnrollment& enrollment,
                                     const std::vector<std::string>& serviceHubs);

} // namespace enroll::provisioning
