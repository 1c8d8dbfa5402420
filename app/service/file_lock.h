#pragma once

#include "core/base/result.h"

#include <filesystem>
#include <optional>

namespace enroll::service {

/// An exclusive lock between processes, on a file made for the purpose (mode 0600). The kernel lets go of it when its
/// holder ends, however it ends.
class FileLock {
public:
    /// Waits for whoever holds it. Error S-301 if the file cannot be made.
    static Result<FileLock> await(const std::filesystem::path& file);
    /// Absent if somebody else holds it. Error S-301.
    static Result<std::optional<FileLock>> takeIfFree(const std::filesystem::path& file);
    ~FileLock();
    FileLock(FileLock&& other) noexcept;
    FileLock& operator=(FileLock&&) = delete;
    FileLock(const FileLock&) = delete;
    FileLock& operator=(const FileLock&) = delete;

private:
    explicit FileLock(int descriptor) noexcept : m_descriptor(descriptor) {}
    static Result<FileLock> open(const std::filesystem::path& file);

    int m_descriptor;
};

} // namespace enroll::service
