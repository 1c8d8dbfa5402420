#include "app/service/file_lock.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace enroll::service {
namespace {

Error lockError(const std::filesystem::path& file, const char* operation)
{
    return makeError(ErrorCode::JournalCannotSave, file.string() + " cannot be locked", operation, Errno{errno});
}

/// 0, or -1 with errno. Signals do not end the wait.
int lockWhole(int descriptor, int operation)
{
    int outcome = ::flock(descriptor, operation);
    while (outcome != 0 && errno == EINTR) {
        outcome = ::flock(descriptor, operation);
    }
    return outcome;
}

} // namespace

Result<FileLock> FileLock::open(const std::filesystem::path& file)
{
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (descriptor < 0) {
        return lockError(file, "open");
    }
    return FileLock{descriptor};
}

Result<FileLock> FileLock::await(const std::filesystem::path& file)
{
    auto lock = TRY(open(file));
    if (lockWhole(lock.m_descriptor, LOCK_EX) != 0) {
        return lockError(file, "flock");
    }
    return lock;
}

Result<std::optional<FileLock>> FileLock::takeIfFree(const std::filesystem::path& file)
{
    auto lock = TRY(open(file));
    if (lockWhole(lock.m_descriptor, LOCK_EX | LOCK_NB) == 0) {
        return std::optional<FileLock>{std::move(lock)};
    }
    return errno == EWOULDBLOCK ? Result<std::optional<FileLock>>{std::optional<FileLock>{}} : lockError(file, "flock");
}

FileLock::~FileLock()
{
    if (m_descriptor >= 0) {
        ::close(m_descriptor);
    }
}

FileLock::FileLock(FileLock&& other) noexcept : m_descriptor(std::exchange(other.m_descriptor, -1)) {}

} // namespace enroll::service
