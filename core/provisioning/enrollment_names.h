#pragma once

#include "core/provisioning/individual_enrollment.h"
#include "core/provisioning/service_error.h"

namespace enroll::provisioning {

/// Checks the names that go to a hub: `deviceId` if present, `iotHubs`, `iotHubHostName`.
/// \par Errors   400001 naming the member that no hub accepts
ServiceResult<void> requireUsableNames(const IndividualEnrollment& enrollment);

} // namespace enroll::provisioning
