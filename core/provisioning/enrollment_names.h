#pragma once

#include "core/provisioning/individual_enrollment.h"
#include "core/provisioning/service_error.h"

namespace enroll::provisioning {

/// 1..128 letters and digits of ASCII and `- . % _ # * ? ! ( ) , : = @ $ '`.
/// Source: Azure IoT Hub, "Identity registry operations: device identity properties".
bool isDeviceId(std::string_view text) noexcept;

/// 1..253 characters in labels of 1..63 letters, digits and hyphens, none of which begins or ends with a hyphen.
/// Source: RFC 1123, 2.1; RFC 1035, 2.3.4
bool isHostName(std::string_view text) noexcept;

/// Checks the names that go to a hub: `deviceId` if present, `iotHubs`, `iotHubHostName`.
/// \par Errors   400001 naming the member that no hub accepts
ServiceResult<void> requireUsableNames(const IndividualEnrollment& enrollment);

} // namespace enroll::provisioning
