#pragma once

#include "core/config/destination_settings.h"
#include "core/config/toml_fields.h"

/// Includes toml++, like toml_fields.h: not included outside this folder.
namespace enroll::config {

/// Reads `kind` and then what that kind has. Relative paths are relative to \p base. Error S-330 with file and line: a kind
/// that is none or that this version cannot send to, a key that the kind does not have, a value that is missing or out of
/// range.
Result<DestinationSettings> readDestinationSettings(const Fields& section, const std::filesystem::path& base);

/// The keys of every kind, each once.
std::vector<std::string_view> destinationKeys();

} // namespace enroll::config
