#pragma once

#include "core/system/file_lock.h"

#include <optional>

/// Who changes a trust store does it alone: what one decides by the store as it was must still be so when it is carried out,
/// and whoever reads it sees a change whole or not at all. The lock is on the trust store's directory itself, which the
/// station's user can read and need not be able to write to. What somebody copies there by hand is under no lock
/// (steady_reading.h).
namespace enroll::db::trust {

/// How long a command or a test waits for another program: an import of every maker's authorities takes some seconds.
inline constexpr std::chrono::seconds kTrustPatience{20};

/// What whoever waited longer says. Error S-348.
Error trustIsBusy(const std::filesystem::path& directory);

/// Keeps everybody else out of the trust store \p directory, which is made if it is missing.
/// \par Errors   S-333, S-348 (somebody else changes or reads it until \p deadline), D-141
Result<system::FileLock> lockForChange(const std::filesystem::path& directory, Deadline deadline,
                                       const std::stop_token& stop);

struct ReadingLock {
    std::optional<system::FileLock>
        lock;               ///< absent where there is nothing to lock, or it cannot be: the reading says why
    bool isMissing = false; ///< the directory did not exist
};

/// Keeps those out who change it. Errors S-348, D-141.
Result<ReadingLock> lockForReading(const std::filesystem::path& directory, Deadline deadline,
                                   const std::stop_token& stop);

} // namespace enroll::db::trust
