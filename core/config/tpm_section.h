#pragma once

#include "core/config/toml_fields.h"
#include "core/enrollment/product_profile.h"

namespace enroll::config {

/// Reads [tpm] of a profile: whose TPMs are taken, and with what firmware. Error S-330 with file, line and key.
Result<void> readTpmSection(const Fields& top, enrollment::ProductProfile& profile);

/// Reads [ship_state] of a profile: what may lie in a TPM that leaves the factory. Without the section, or with check =
/// false, that is not looked at. Error S-330 with file, line and key.
Result<void> readShipStateSection(const Fields& top, enrollment::ProductProfile& profile);

} // namespace enroll::config
