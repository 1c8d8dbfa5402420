#pragma once

#include "core/base/bytes.h"
#include "core/system/durable_file.h"

#include <span>

namespace enroll::system {

struct NewFile {
    std::string name; ///< in the directory
    ByteView content;
    FileMode mode = FileMode::AnyReader;
};

/// Makes the directory \p place with \p files in it as a whole or not at all, also by a crash or a power cut: it is filled
/// beside its place, under a name of its own, and then renamed. False, and nothing changes, if \p place names something. Its
/// owner alone can reach it. What is above it has to be there.
/// \par Errors   S-333 naming what cannot be made or written, with errno
Result<bool> makeDirectoryWith(const std::filesystem::path& place, std::span<const NewFile> files);

} // namespace enroll::system
