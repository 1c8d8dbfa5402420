#pragma once

#include "core/base/bytes.h"

#include <filesystem>

namespace enroll::system {

/// The bytes of a regular file, all of them: one that is longer than \p most bytes is an error, never cut short, also if
/// it grows while it is read. Blocks for the disk alone.
/// \par Errors   S-332 naming \p file: as openRegularFile(), or it is too long, or it cannot be read to its end
Result<Bytes> readWholeFile(const std::filesystem::path& file, std::size_t most);

/// The same as characters. Says nothing of their encoding.
Result<std::string> readWholeText(const std::filesystem::path& file, std::size_t most);

} // namespace enroll::system
