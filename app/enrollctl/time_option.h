#pragma once

#include "core/base/clock.h"

#include <optional>
#include <string>

namespace enroll::app::enrollctl {

/// The time of an option: "2026-11-23" (the beginning of that day in UTC) or "2026-11-23T20:14:03Z". Absent for an
/// empty text. Error S-331 naming \p option.
Result<std::optional<UtcTime>> timeOption(const char* option, const std::string& text);

} // namespace enroll::app::enrollctl
