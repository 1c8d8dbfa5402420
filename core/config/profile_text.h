#pragma once

#include "core/enrollment/product_profile.h"

#include <string>

namespace enroll::config {

/// Every value of a profile, also those that its file does not name: what a run with it goes by. `[findings]` has what
/// each finding weighs. Keys without a default are absent, such as enrollment.device_id.
///
/// TOML that parseProfile() reads as the same profile, but for the digest of its text and the findings, which it then
/// names.
std::string profileToml(const enrollment::ProductProfile& profile);

/// The values of profileToml() as one JSON object.
std::string profileJson(const enrollment::ProductProfile& profile);

} // namespace enroll::config
