#include "db/trust/trust_lock.h"

#include "core/base/device_code.h"
#include "core/base/recoded.h"
#include "core/base/station_code.h"
#include "db/trust/trust_directory.h"

namespace enroll::db::trust {

namespace fs = std::filesystem;
using system::FileLock;
using system::Holding;

Error trustIsBusy(const fs::path& directory)
{
    return makeError(StationCode::TrustBusy,
                     directory.string() + " is being changed by another program: wait until that has ended");
}

Result<FileLock> lockForChange(const fs::path& directory, Deadline deadline, const std::stop_token& stop)
{
    TRY(makeTrustDirectory(directory));
    auto lock = FileLock::ofDirectory(directory, Holding::Alone, deadline, stop);
    const bool isBusy = !lock.ok() && lock.error().code == StationCode::JournalBusy;
    return isBusy ? Result<FileLock>{trustIsBusy(directory)} : std::move(lock);
}

Result<ReadingLock> lockForReading(const fs::path& directory, Deadline deadline, const std::stop_token& stop)
{
    std::error_code unknown; // asked first: a directory that is made from here on may be half filled
    ReadingLock held{{}, !fs::exists(directory, unknown)};
    auto lock = FileLock::ofDirectory(directory, Holding::Together, deadline, stop);
    if (lock.ok()) {
        held = {std::move(lock).value(), false};
    } else if (lock.error().code == StationCode::JournalBusy) {
        return trustIsBusy(directory);
    } else if (lock.error().code == DeviceCode::Cancelled) {
        return std::move(lock).error();
    }
    return held;
}

} // namespace enroll::db::trust
