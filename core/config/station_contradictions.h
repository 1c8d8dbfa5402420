#pragma once

#include "core/config/station_config.h"

namespace enroll::config {

/// Refuses keys that are right by themselves and cannot hold together, such as a badge that is required and looks like nothing.
/// After every file was read: each may set one of the two. Error S-330 naming the key and its place.
Result<void> requireNoContradiction(const StationConfig& config);

} // namespace enroll::config
