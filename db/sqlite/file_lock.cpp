#include "db/sqlite/file_lock.h"

#include "core/base/station_code.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <unistd.h>
#include <utility>

namespace enroll::db::sqlite {
namespace {

// flock() knows no deadline: ask again this often.
constexpr std::chrono::milliseconds kAskAgain{5};

void waitAtMost(std::chrono::milliseconds span)
{
    ::poll(nullptr, 0, static_cast<int>(span.count()));
}

} // namespace

Result<FileLock> FileLock::acquire(const std::filesystem::path& file, Deadline deadline)
{
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0) {
        return makeError(StationCode::JournalCannotSave, "cannot make the lock file", "open " + file.string(),
                         Errno{errno});
    }
    FileLock lock{descriptor};
    while (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR) {
            return makeError(StationCode::JournalCannotSave, "cannot lock", "flock " + file.string(), Errno{errno});
        }
        if (deadline.passed()) {
            return makeError(StationCode::JournalBusy, "another program holds the lock", "flock " + file.string());
        }
        waitAtMost(std::min(deadline.left(), kAskAgain));
    }
    return lock;
}

FileLock::~FileLock()
{
    if (m_descriptor >= 0) {
        ::close(m_descriptor);
    }
}

FileLock::FileLock(FileLock&& other) noexcept : m_descriptor(std::exchange(other.m_descriptor, -1)) {}

} // namespace enroll::db::sqlite
