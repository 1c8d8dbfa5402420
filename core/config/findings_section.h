#pragma once

#include "core/config/toml_fields.h"
#include "core/enrollment/product_profile.h"

namespace enroll::config {

/// Reads the section "findings" of a profile, after the sections that say the same in other words: a severity that says
/// otherwise than they do is refused, and so is one of a finding that this profile never looks for.
Result<void> readFindingsSection(const Fields& top, enrollment::ProductProfile& profile);

/// False for a finding that cannot be made under \p policy, because the key that says what to look for is not set.
bool isLookedFor(const attestation::AttestationPolicy& policy, std::string_view id) noexcept;

} // namespace enroll::config
