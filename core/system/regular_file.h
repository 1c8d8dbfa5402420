#pragma once

#include "core/base/result.h"
#include "core/system/descriptor.h"

#include <filesystem>

namespace enroll::system {

/// True if a regular file has this name, links followed; false if nothing has it. Unlike std::filesystem::exists() it
/// never throws: a link that leads in a circle is an error like any other.
/// \par Errors   S-332 naming \p file: it is something else (a directory, a pipe, a device), or nobody can tell.
Result<bool> fileIsThere(const std::filesystem::path& file);

/// Opens a regular file for reading, links followed. Never waits, as opening a pipe would, and never touches a device.
/// \par Errors   S-332 naming \p file and what it is instead, with errno if the system refused
Result<Descriptor> openRegularFile(const std::filesystem::path& file);

/// Makes an empty file that its owner alone can reach (0600); one that exists is left as it is and is never opened.
/// \par Errors   S-301 naming \p file: it cannot be made, or the name belongs to something that is no regular file
Result<void> makePrivateFile(const std::filesystem::path& file);

} // namespace enroll::system
