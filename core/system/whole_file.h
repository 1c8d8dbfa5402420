#pragma once

#include "core/base/bytes.h"

#include <filesystem>

namespace enroll::system {

/// The whole content of a regular file of at most \p most bytes. A longer file is an error and never cut short, also if
/// it grows while it is read. Blocks for the disk only.
/// \par Errors   S-333 naming \p file: as openRegularFile(), it is too long, or it cannot be read to its end
Result<Bytes> readWholeFile(const std::filesystem::path& file, std::size_t most);

/// readWholeFile() as a string; the bytes need not be UTF-8.
Result<std::string> readWholeText(const std::filesystem::path& file, std::size_t most);

/// True if both names are regular files of the same bytes. A name that is a symbolic link, a pipe, a directory or nothing
/// is the same as no other; nothing but a regular file is opened. Reads piece by piece, so of any length.
/// \par Errors   S-333 naming the file that cannot be read
Result<bool> haveSameContent(const std::filesystem::path& one, const std::filesystem::path& other);

} // namespace enroll::system
