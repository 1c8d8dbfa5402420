#pragma once

#include "core/config/security_settings.h"
#include "core/config/toml_fields.h"

#include <array>

/// Includes toml++, like toml_fields.h: not included outside this folder.
namespace enroll::config {

inline constexpr std::array<std::string_view, 2> kSecurityKeys{"require_sign_in", "lock_after_minutes"};

/// Reads `[security]` into \p settings. Error S-330 with file and line: an unknown key, minutes that are none of 0 to 480.
Result<void> readSecurity(const Fields& section, SecuritySettings& settings);

} // namespace enroll::config
