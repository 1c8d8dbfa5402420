#pragma once

#include "core/base/clock.h"
#include "core/system/descriptor.h"

#include <filesystem>

namespace enroll::system {

/// An exclusive lock between threads and processes, on a file made for the purpose. The kernel lets go of it when its
/// holder dies.
class FileLock {
public:
    /// Blocks until \p deadline; one that has passed tries once. Error S-302 past the deadline, S-301 if the file
    /// cannot be made.
    static Result<FileLock> acquire(const std::filesystem::path& file, Deadline deadline);

private:
    explicit FileLock(Descriptor file) noexcept : m_file(std::move(file)) {}

    Descriptor m_file;
};

} // namespace enroll::system
