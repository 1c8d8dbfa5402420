#pragma once

#include "core/base/clock.h"

#include <optional>
#include <string>

namespace enroll::app::enrollctl {

/// A moment as people give it: "2026-11-23" (its beginning in UTC) or "2026-11-23T20:14:03Z". Empty text is absent.
/// Error S-331 naming \p option.
Result<std::optional<UtcTime>> timeOption(const char* option, const std::string& text);

} // namespace enroll::app::enrollctl
