#pragma once

#include "core/crypto/sas_token.h"

#include <filesystem>

namespace enroll::app::enrollctl {

/// The connection string in a file that its owner alone can read (mode & 0077 is zero).
/// Error S-330 naming the file: missing, open to its group or others, or not a connection string.
Result<crypto::ConnectionString> readAccess(const std::filesystem::path& file);

} // namespace enroll::app::enrollctl
