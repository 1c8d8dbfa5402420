#pragma once

#include "core/base/result.h"

#include <filesystem>
#include <optional>
#include <vector>

namespace enroll::system {

/// The paths of what is directly in \p directory, in the order of their names, so that every file system gives the same;
/// nothing if \p directory does not exist. Never throws.
/// \par Errors   S-333 naming \p directory, or the link on the way to it: it is something else, it cannot be read, or a
///               symbolic link leads nowhere
Result<std::optional<std::vector<std::filesystem::path>>> entriesOf(const std::filesystem::path& directory);

/// That files of some KiB can be made in \p directory or, where that does not exist, that it can be made and the disk takes
/// them: writes and syncs one. Leaves nothing behind.
/// \par Errors   S-333 naming \p directory, or the part of its path that hinders: no right, a read-only disk, a full one, no
///               directory
Result<void> requireWritable(const std::filesystem::path& directory);

} // namespace enroll::system
