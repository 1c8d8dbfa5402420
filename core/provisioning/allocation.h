#pragma once

#include "core/provisioning/individual_enrollment.h"
#include "core/provisioning/service_error.h"

namespace enroll::provisioning {

/// The hub for a device: always the same one for the same enrollment and hubs.
///
/// The choice is among the enrollment's own hubs, or the service's if it names none. Static takes the first. Hashed
/// takes the one with the highest SHA-256 of registration id and hub name, so that a hub that comes or goes moves no
/// more devices than it must; geoLatency does the same, since the service knows no distances.
/// \par Errors   400208 without any hub; 400008 for custom allocation, which would call a web hook
ServiceResult<std::string> chooseHub(const IndividualEnrollment& enrollment,
                                     const std::vector<std::string>& serviceHubs);

} // namespace enroll::provisioning
