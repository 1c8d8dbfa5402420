#pragma once

#include "core/enrollment/product_profile.h"

#include <filesystem>

namespace enroll::config {

/// Reads a product profile. \p fileOrName is the path of a *.profile.toml; without a slash and without ".toml" it is
/// the name of a shipped profile ("demo", "production"), looked for in \p shippedDirectory.
/// \par Errors   S-330 with file, line and, for an unknown key, the nearest known one
Result<enrollment::ProductProfile> loadProfile(const std::filesystem::path& fileOrName,
                                               const std::filesystem::path& shippedDirectory);

/// Reads a product profile from its text. \p origin names the text in errors.
Result<enrollment::ProductProfile> parseProfile(std::string_view text, const std::string& origin);

} // namespace enroll::config
