#include "core/system/directory.h"

#include "core/base/station_code.h"
#include "core/system/descriptor.h"
#include "core/system/regular_file.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace enroll::system {
namespace {

namespace fs = std::filesystem;

Error unusable(const fs::path& path, const std::string& why, ErrorSource source = {})
{
    return makeError(StationCode::FileUnusable, path.string() + " cannot be used: " + why, "list a directory",
                     std::move(source));
}

/// What does not exist is missing; but a link on the way to it that leads nowhere was meant to lead somewhere.
Result<void> requireNoDanglingLink(const fs::path& missing)
{
    for (auto part = missing; !part.empty(); part = part.parent_path()) {
        if (isLink(part)) {
            return unusable(part, "it is a symbolic link that leads nowhere");
        }
        if (isAnythingThere(part) || part == part.parent_path()) {
            break;
        }
    }
    return {};
}

/// \p path, or the nearest directory above it that exists.
Result<fs::path> firstThatExists(const fs::path& path)
{
    auto part = path.empty() ? fs::path{"."} : path;
    std::error_code unknown;
    while (!fs::exists(part, unknown) && part != part.parent_path()) {
        if (isLink(part)) {
            return unusable(part, "it is a symbolic link that leads nowhere");
        }
        part = part.has_parent_path() ? part.parent_path() : fs::path{"."};
    }
    return part;
}

Error cannotWriteTo(const fs::path& directory, int fault)
{
    return makeError(StationCode::FileUnusable,
                     directory.string() + " cannot be written to: " + std::generic_category().message(fault),
                     "write to a directory", Errno{fault});
}

/// An empty file takes no room: a full disk shows with the first bytes, or where they are to reach the disk.
Result<void> takesContent(const Descriptor& trial, const fs::path& directory)
{
    constexpr std::size_t kPiece = std::size_t{4} * 1024;
    constexpr int kPieces = 16;
    const std::vector<char> piece(kPiece, 'x');
    for (int i = 0; i < kPieces; ++i) {
        const auto written = ::write(trial.fd(), piece.data(), piece.size());
        if (written != static_cast<ssize_t>(piece.size())) {
            return cannotWriteTo(directory, written < 0 ? errno : ENOSPC); // short of room, the system writes what fits
        }
    }
    return ::fsync(trial.fd()) == 0 ? Result<void>{} : cannotWriteTo(directory, errno);
}

} // namespace

Result<std::optional<std::vector<fs::path>>> entriesOf(const fs::path& directory)
{
    std::vector<fs::path> found;
    std::error_code failure;
    fs::directory_iterator entries{directory, failure};
    if (failure == std::errc::no_such_file_or_directory) {
        TRY(requireNoDanglingLink(directory));
        return std::optional<std::vector<fs::path>>{};
    }
    for (; !failure && entries != fs::directory_iterator{}; entries.increment(failure)) {
        found.push_back(entries->path());
    }
    if (failure == std::errc::not_a_directory) {
        return unusable(directory, "it is not a directory, or a part of its path is not", Errno{failure.value()});
    }
    if (failure) {
        return unusable(directory, failure.message(), Errno{failure.value()});
    }
    std::ranges::sort(found);
    return std::optional{std::move(found)};
}

Result<void> requireWritable(const fs::path& directory)
{
    TRY_ASSIGN(const auto part, firstThatExists(directory));
    // A file without a name is the proof: rights alone do not tell a disk that is read-only or full of inodes.
    const Descriptor unnamed{::open(part.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, S_IRUSR | S_IWUSR)};
    if (unnamed.valid()) {
        return takesContent(unnamed, part);
    }
    int fault = errno;
    if (fault == EOPNOTSUPP || fault == EISDIR) { // a file system without such files
        auto name = (part / ".enroll-XXXXXX").string();
        const Descriptor named{::mkostemp(name.data(), O_CLOEXEC)};
        fault = errno;
        if (named.valid() && ::unlink(name.c_str()) == 0) {
            return takesContent(named, part);
        }
    }
    return cannotWriteTo(part, fault);
}

} // namespace enroll::system
