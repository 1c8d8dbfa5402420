#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <sys/types.h>

namespace enroll::system {

/// A process that holds a FileLock.
struct LockHolder {
    pid_t process = 0;
    std::string program; ///< its name as the system has it; empty where it ended meanwhile
    bool operator==(const LockHolder&) const = default;
};

/// Who holds a FileLock on \p file; none where nobody is known to. The lock is not asked for: whoever asks keeps out the
/// program that comes for it at that very moment. Does not see processes of another PID namespace, nor locks on a file
/// system that numbers its files otherwise than stat(2).
/// \par Source   proc(5), /proc/locks
std::optional<LockHolder> lockHolder(const std::filesystem::path& file);

} // namespace enroll::system
