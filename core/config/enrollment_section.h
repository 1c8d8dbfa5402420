#pragma once

#include "core/config/toml_fields.h"
#include "core/enrollment/product_profile.h"

namespace enroll::config {

/// Reads [enrollment] of a profile: the registration id's rule, and what goes into the cloud's record of each device.
/// What no provisioning service or hub would take is refused here, so that no device meets it.
/// \par Errors   S-330 with file, line and key
Result<void> readEnrollmentSection(const Fields& top, enrollment::ProductProfile& profile);

} // namespace enroll::config
