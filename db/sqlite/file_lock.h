#pragma once

#include "core/base/clock.h"

#include <filesystem>

namespace enroll::db::sqlite {

/// An exclusive lock between threads and processes, on a file made for the purpose. The kernel lets go of it when its
/// holder dies.
class FileLock {
public:
    /// Blocks until \p deadline; one that has passed tries once. Error S-302 past the deadline, S-301 if the file
    /// cannot be made.
    static Result<FileLock> acquire(const std::filesystem::path& file, Deadline deadline);
    ~FileLock();
    FileLock(FileLock&& other) noexcept;
    FileLock& operator=(FileLock&&) = delete;
    FileLock(const FileLock&) = delete;
    FileLock& operator=(const FileLock&) = delete;

private:
    explicit FileLock(int descriptor) noexcept : m_descriptor(descriptor) {}

    int m_descriptor;
};

} // namespace enroll::db::sqlite
