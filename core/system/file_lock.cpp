#include "core/system/file_lock.h"

#include "core/base/cancellation.h"
#include "core/base/station_code.h"
#include "core/system/regular_file.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>

namespace enroll::system {
namespace {

// flock() has no deadline: the lock is asked for again this often.
constexpr std::chrono::milliseconds kAskAgain{5};

void waitAtMost(std::chrono::milliseconds span)
{
    ::poll(nullptr, 0, static_cast<int>(span.count()));
}

} // namespace

Result<FileLock> FileLock::acquire(const std::filesystem::path& file, Deadline deadline)
{
    // A lock on a pipe or a device would be shared with whoever else uses it: /dev/null is the whole machine's.
    TRY(fileIsThere(file));
    Descriptor opened{::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)};
    if (!opened.valid()) {
        const int fault = errno;
        return makeError(StationCode::FileUnusable, "cannot make the lock file " + file.string(),
                         "open " + file.string(), Errno{fault});
    }
    return taken(std::move(opened), file, Holding::Alone, deadline, {});
}

Result<FileLock> FileLock::ofDirectory(const std::filesystem::path& directory, Holding holding, Deadline deadline,
                                       const std::stop_token& stop)
{
    Descriptor opened{::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (!opened.valid()) {
        const int fault = errno;
        return makeError(StationCode::FileUnusable, directory.string() + " cannot be locked",
                         "open " + directory.string(), Errno{fault});
    }
    return taken(std::move(opened), directory, holding, deadline, stop);
}

Result<FileLock> FileLock::taken(Descriptor opened, const std::filesystem::path& file, Holding holding,
                                 Deadline deadline, const std::stop_token& stop)
{
    FileLock lock{std::move(opened)};
    const int how = holding == Holding::Alone ? LOCK_EX : LOCK_SH;
    while (::flock(lock.m_file.fd(), how | LOCK_NB) != 0) {
        if (const int fault = errno; fault != EWOULDBLOCK && fault != EINTR) {
            return makeError(StationCode::FileUnusable, "cannot lock " + file.string(), "flock " + file.string(),
                             Errno{fault});
        }
        TRY(requireNotCancelled(stop));
        if (deadline.passed()) {
            return makeError(StationCode::JournalBusy, "another program holds the lock", "flock " + file.string());
        }
        waitAtMost(std::min(deadline.left(), kAskAgain));
    }
    return lock;
}

} // namespace enroll::system
