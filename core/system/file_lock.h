#pragma once

#include "core/base/clock.h"
#include "core/system/descriptor.h"

#include <filesystem>

namespace enroll::system {

/// An exclusive lock between threads and processes: flock(2) on a file made for the purpose. The kernel releases it
/// when the holder ends, however it ends; the file stays.
class FileLock {
public:
    /// Takes the lock, blocking until \p deadline at most; with a deadline that has passed it tries once.
    /// \par Errors   S-302 (somebody else holds it until \p deadline), S-333 (the file cannot be made or locked, or
    ///               what has its name is no regular file)
    static Result<FileLock> acquire(const std::filesystem::path& file, Deadline deadline);

private:
    explicit FileLock(Descriptor file) noexcept : m_file(std::move(file)) {}

    Descriptor m_file;
};

} // namespace enroll::system
