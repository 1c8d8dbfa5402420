#include "core/system/file_lock.h"

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
    FileLock lock{Descriptor{::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)}};
    if (!lock.m_file.valid()) {
        const int fault = errno;
        return makeError(StationCode::FileUnusable, "cannot make the lock file " + file.string(),
                         "open " + file.string(), Errno{fault});
    }
    while (::flock(lock.m_file.fd(), LOCK_EX | LOCK_NB) != 0) {
        if (const int fault = errno; fault != EWOULDBLOCK && fault != EINTR) {
            return makeError(StationCode::FileUnusable, "cannot lock " + file.string(), "flock " + file.string(),
                             Errno{fault});
        }
        if (deadline.passed()) {
            return makeError(StationCode::JournalBusy, "another program holds the lock", "flock " + file.string());
        }
        waitAtMost(std::min(deadline.left(), kAskAgain));
    }
    return lock;
}

} // namespace enroll::system
