#include "core/system/regular_file.h"

#include "core/base/recoded.h"
#include "core/base/station_code.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace enroll::system {
namespace {

Error unreadable(const std::filesystem::path& file, std::string_view why, const char* operation, ErrorSource source)
{
    return makeError(StationCode::FileUnusable, file.string() + " cannot be read: " + std::string{why}, operation,
                     std::move(source));
}

std::string_view reasonOf(int fault) noexcept
{
    switch (fault) {
    case ENOENT:
        return "there is no such file";
    case ELOOP:
        return "its symbolic links lead in a circle";
    case EACCES:
    case EPERM:
        return "this user may not read it";
    case ENOTDIR:
        return "a part of its path is not a directory";
    default:
        return "the system refuses";
    }
}

std::string_view kindOf(mode_t mode) noexcept
{
    switch (mode & S_IFMT) {
    case S_IFDIR:
        return "it is a directory, not a file";
    case S_IFIFO:
        return "it is a pipe, not a file";
    case S_IFSOCK:
        return "it is a socket, not a file";
    default:
        return "it is a device, not a file";
    }
}

Result<void> requireRegular(const struct stat& status, const std::filesystem::path& file)
{
    if (!S_ISREG(status.st_mode)) {
        return unreadable(file, kindOf(status.st_mode), "stat", {});
    }
    return {};
}

} // namespace

Result<bool> fileIsThere(const std::filesystem::path& file)
{
    struct stat status {};
    if (::stat(file.c_str(), &status) != 0) {
        const int fault = errno;
        return fault == ENOENT ? Result<bool>{false} : unreadable(file, reasonOf(fault), "stat", Errno{fault});
    }
    TRY(requireRegular(status, file));
    return true;
}

bool isAnythingThere(const std::filesystem::path& file) noexcept
{
    std::error_code unknown;
    return std::filesystem::exists(std::filesystem::symlink_status(file, unknown));
}

bool isLink(const std::filesystem::path& file) noexcept
{
    std::error_code unknown;
    return std::filesystem::is_symlink(std::filesystem::symlink_status(file, unknown));
}

Result<Descriptor> openRegularFile(const std::filesystem::path& file)
{
    // Checked twice: by name, so that a device is not even opened; and by descriptor, because the name may stand for
    // another file since. O_NONBLOCK and O_NOCTTY make opening harmless if it does.
    TRY(fileIsThere(file));
    Descriptor opened{::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)};
    struct stat status {};
    if (!opened.valid() || ::fstat(opened.fd(), &status) != 0) {
        const int fault = errno;
        return unreadable(file, reasonOf(fault), "open", Errno{fault});
    }
    TRY(requireRegular(status, file));
    return opened;
}

Result<std::size_t> readAt(const Descriptor& opened, std::uint64_t offset, std::span<std::byte> piece,
                           const std::filesystem::path& file)
{
    std::size_t filled = 0;
    while (filled < piece.size()) {
        const auto got =
            ::pread(opened.fd(), piece.data() + filled, piece.size() - filled, static_cast<off_t>(offset + filled));
        if (got < 0 && errno != EINTR) {
            return makeError(StationCode::FileUnusable, file.string() + " cannot be read to its end", "pread",
                             Errno{errno});
        }
        if (got == 0) {
            break;
        }
        filled += static_cast<std::size_t>(got > 0 ? got : 0);
    }
    return filled;
}

Result<void> makePrivateFile(const std::filesystem::path& file)
{
    // O_EXCL never opens what exists, so that a pipe or a device under this name is not touched.
    const Descriptor made{::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600)};
    const int fault = made.valid() ? 0 : errno;
    if (fault != 0 && fault != EEXIST) {
        return makeError(StationCode::FileUnusable, file.string() + " cannot be made", "open", Errno{fault});
    }
    TRY(fileIsThere(file));
    return {};
}

} // namespace enroll::system
