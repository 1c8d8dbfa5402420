#pragma once

#include "core/enrollment/product_profile.h"

#include <filesystem>

namespace enroll::config {

/// Reads a *.profile.toml. A name without a slash and without ".toml" is looked for among the shipped profiles ("demo",
/// "production"), in \p shippedDirectory. Error S-330 with file, line and, for an unknown key, the nearest valid one.
Result<enrollment::ProductProfile> loadProfile(const std::filesystem::path& fileOrName,
                                               const std::filesystem::path& shippedDirectory);

/// The same from a text. \p origin names the text in errors.
Result<enrollment::ProductProfile> parseProfile(std::string_view text, const std::string& origin);

} // namespace enroll::config
