#pragma once

#include "core/base/clock.h"
#include "core/system/descriptor.h"

#include <filesystem>
#include <stop_token>

namespace enroll::system {

enum class Holding {
    Alone,
    Together ///< with others who hold it like that
};

/// A lock between threads and processes: flock(2). The kernel releases it when the holder ends, however it ends; what it is on
/// stays.
class FileLock {
public:
    /// Takes the lock on a file made for the purpose, alone, blocking until \p deadline at most; with a deadline that has
    /// passed it tries once.
    /// \par Errors   S-302 (somebody else holds it until \p deadline), S-333 (the file cannot be made or locked, or
    ///               what has its name is no regular file)
    static Result<FileLock> acquire(const std::filesystem::path& file, Deadline deadline);

    /// Takes the lock on \p directory itself, likewise, and until \p stop. Nothing is made: whoever may read the directory can
    /// take part, with no right to write there.
    /// \par Errors   S-302 (somebody else holds it until \p deadline), S-333 (it does not exist, or cannot be opened or
    ///               locked), D-141
    static Result<FileLock> ofDirectory(const std::filesystem::path& directory, Holding holding, Deadline deadline,
                                        const std::stop_token& stop);

private:
    static Result<FileLock> taken(Descriptor opened, const std::filesystem::path& file, Holding holding,
                                  Deadline deadline, const std::stop_token& stop);
    explicit FileLock(Descriptor file) noexcept : m_file(std::move(file)) {}

    Descriptor m_file;
};

} // namespace enroll::system
