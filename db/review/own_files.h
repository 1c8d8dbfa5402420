#pragma once

#include "core/base/result.h"

#include <filesystem>

namespace enroll::db::review {

/// Error if \p place is a file that the station keeps in its data directory: the journal with what SQLite and the
/// migrations put beside it, what the slots show, a lock, whatever is in a folder of the data directory, or another name
/// (a hard link) of one of these. The folder of \p place must exist, and \p place itself be no symbolic link:
/// DurableFile::place().
/// \par Errors   S-333 naming \p place
Result<void> requireNoOwnFile(const std::filesystem::path& dataDirectory, const std::filesystem::path& place);

} // namespace enroll::db::review
