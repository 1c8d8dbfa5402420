#pragma once

#include "core/base/clock.h"

#include <compare>
#include <filesystem>
#include <map>
#include <sys/types.h>

namespace enroll::db::trust {

/// When each file that a trust store reads was changed last. Files that it does not read, such as notes, are not in it.
struct TrustStamps {
    struct File {
        ino_t inode = 0;
        off_t size = 0;
        std::int64_t seconds = 0; ///< of the last change of content, name or rights
        long nanoseconds = 0;
        bool operator==(const File&) const = default;
    };

    std::map<std::filesystem::path, File> files; ///< a directory that cannot be listed is one
    UtcTime newest = UtcTime::min();

    bool operator==(const TrustStamps& other) const { return files == other.files; }
};

/// Of every set of the trust store \p directory: a system call for each file.
TrustStamps stampsOf(const std::filesystem::path& directory);

} // namespace enroll::db::trust
