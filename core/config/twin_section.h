#pragma once

#include "core/config/toml_fields.h"
#include "core/enrollment/twin_value.h"

namespace enroll::config {

/// Reads the table \p key as a part of a device twin of at most \p mostBytes. Absent: an empty object.
/// \par Errors   S-330 with file, line and key: what a hub would not take (twin_limits), a date (JSON has none), a text
///               that is no TextPattern
Result<enrollment::TwinObject> readTwinObject(const Fields& section, std::string_view key, std::size_t mostBytes);

} // namespace enroll::config
