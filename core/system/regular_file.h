#pragma once

#include "core/base/result.h"
#include "core/system/descriptor.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>

namespace enroll::system {

/// True if \p file names a regular file, symbolic links followed; false if it names nothing. Never throws, unlike
/// std::filesystem::exists().
/// \par Errors   S-333 naming \p file: it is something else (a directory, a pipe, a device), or the system does not say
///               (no permission, links in a circle)
Result<bool> fileIsThere(const std::filesystem::path& file);

/// True if \p file names something, be it a link that leads nowhere; false if it does not, or the system does not say.
/// Never throws.
bool isAnythingThere(const std::filesystem::path& file) noexcept;

/// True if \p file itself is a symbolic link, wherever that leads; false also if the system does not say. Never throws.
bool isLink(const std::filesystem::path& file) noexcept;

/// Opens a regular file for reading, symbolic links followed. Nothing else is opened: opening a pipe would wait for a
/// writer, and opening a device may set it in motion.
/// \par Errors   S-333 naming \p file and what it is instead, with errno if the system refused
Result<Descriptor> openRegularFile(const std::filesystem::path& file);

/// The bytes of \p opened from \p offset on into \p piece: how many there were, fewer than fit only at the end of the file.
/// \par Errors   S-333 naming \p file, with errno
Result<std::size_t> readAt(const Descriptor& opened, std::uint64_t offset, std::span<std::byte> piece,
                           const std::filesystem::path& file);

/// Makes an empty file with permissions 0600. A file that exists keeps its content and permissions, and is not opened.
/// \par Errors   S-333 naming \p file: it cannot be made, or the name belongs to something that is no regular file
Result<void> makePrivateFile(const std::filesystem::path& file);

} // namespace enroll::system
