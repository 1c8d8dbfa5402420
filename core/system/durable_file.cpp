#include "core/system/durable_file.h"

#include "core/base/station_code.h"
#include "core/system/regular_file.h"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <random>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace enroll::system {
namespace {

namespace fs = std::filesystem;

constexpr mode_t kOwner = S_IRUSR | S_IWUSR;
constexpr mode_t kReaders = kOwner | S_IRGRP | S_IROTH;
constexpr mode_t kAnybody = kReaders | S_IWGRP | S_IWOTH;

Error cannotWrite(const fs::path& file, const char* operation, int fault)
{
    const std::string why = std::error_code{fault, std::generic_category()}.message();
    return makeError(StationCode::FileUnusable, file.string() + " cannot be written: " + why, operation, Errno{fault});
}

/// The path that the draft has to replace: \p file with all symbolic links followed. A link to a file that does not
/// exist gives the path that the link names.
Result<fs::path> placeOf(const fs::path& file)
{
    TRY(fileIsThere(file));
    auto place = file;
    std::error_code fault;
    while (isLink(place)) { // ends: one that leads in a circle was refused above
        const auto next = fs::read_symlink(place, fault);
        if (fault) {
            return cannotWrite(file, "readlink", fault.value());
        }
        place = place.parent_path() / next; // an absolute target replaces the left side
    }
    return place;
}

fs::path folderOf(const fs::path& file)
{
    return file.has_parent_path() ? file.parent_path() : fs::path{"."};
}

/// A random name in the folder of \p place: rename() works within one file system only.
fs::path draftName(const fs::path& place)
{
    std::random_device random;
    return folderOf(place) / ("." + place.filename().string() + "." + std::to_string(random()) + ".new");
}

/// The permissions to open the draft with, from which the umask takes its part. setMode() makes them final before any
/// content is written.
constexpr mode_t creationMode(FileMode mode) noexcept
{
    return mode == FileMode::Usual ? kAnybody : kOwner;
}

/// Gives the draft its final permissions where open() could not: fchmod() is not subject to the umask.
Result<void> setMode(const Descriptor& draft, const fs::path& place, FileMode mode)
{
    struct stat before {};
    const bool replaces = mode == FileMode::Usual && ::stat(place.c_str(), &before) == 0;
    if (mode == FileMode::OwnerOnly || (mode == FileMode::Usual && !replaces)) {
        return {};
    }
    if (::fchmod(draft.fd(), replaces ? before.st_mode & (S_IRWXU | S_IRWXG | S_IRWXO) : kReaders) != 0) {
        return cannotWrite(place, "fchmod", errno);
    }
    return {};
}

/// Writes the folder itself to the disk. Without this a power cut could undo the rename.
Result<void> syncFolder(const fs::path& folder)
{
    const Descriptor opened{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (!opened.valid() || ::fsync(opened.fd()) != 0) {
        return cannotWrite(folder, "fsync", errno);
    }
    return {};
}

/// Syncs the draft \p opened, then renames it. In this order: a rename that reaches the disk before the content would
/// leave an empty file after a power cut. The rename itself is durable only after syncFolder().
Result<void> syncAndRename(const Descriptor& opened, const fs::path& draft, const fs::path& place)
{
    if (!opened.valid() || ::fsync(opened.fd()) != 0) {
        return cannotWrite(place, "fsync", errno);
    }
    if (::rename(draft.c_str(), place.c_str()) != 0) {
        return cannotWrite(place, "rename", errno);
    }
    return {};
}

/// Renames \p draft, but never in the place of anything: false, and it stays.
Result<bool> renameToFree(const fs::path& draft, const fs::path& place)
{
    if (::renameat2(AT_FDCWD, draft.c_str(), AT_FDCWD, place.c_str(), RENAME_NOREPLACE) != 0) {
        const int fault = errno;
        return fault == EEXIST ? Result<bool>{false} : cannotWrite(place, "renameat2", fault);
    }
    TRY(syncFolder(folderOf(place)));
    return true;
}

/// As syncAndRename(), but as renameToFree().
Result<bool> syncAndPlace(const Descriptor& opened, const fs::path& draft, const fs::path& place)
{
    if (!opened.valid() || ::fsync(opened.fd()) != 0) {
        return cannotWrite(place, "fsync", errno);
    }
    return renameToFree(draft, place);
}

} // namespace

Result<DurableFile> DurableFile::create(const fs::path& file, FileMode mode)
{
    TRY_ASSIGN(auto place, placeOf(file));
    constexpr int kAttempts = 16; // O_EXCL refuses a name that exists, however unlikely: another one is tried
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
        auto draft = draftName(place);
        Descriptor opened{::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, creationMode(mode))};
        if (opened.valid()) {
            DurableFile made{place, std::move(draft), std::move(opened)};
            TRY(setMode(made.m_open, place, mode));
            return made;
        }
        if (errno != EEXIST) {
            break;
        }
    }
    return cannotWrite(file, "open", errno);
}

DurableFile::DurableFile(DurableFile&& other) noexcept
    : m_file(std::move(other.m_file)), m_draft(std::exchange(other.m_draft, {})), m_open(std::move(other.m_open))
{}

DurableFile::~DurableFile()
{
    if (!m_draft.empty()) {
        ::unlink(m_draft.c_str());
    }
}

Result<void> DurableFile::write(ByteView content)
{
    while (!content.empty()) {
        const auto count = ::write(m_open.fd(), content.data(), content.size());
        if (count < 0 && errno != EINTR) {
            return cannotWrite(m_file, "write", errno);
        }
        content = content.subspan(count > 0 ? static_cast<std::size_t>(count) : 0); // write() may take a part only
    }
    return {};
}

Result<void> DurableFile::commit()
{
    TRY(syncAndRename(m_open, m_draft, m_file));
    m_draft.clear(); // renamed: from here on the destructor must not remove it, also if the next line fails
    return syncFolder(folderOf(m_file));
}

Result<bool> DurableFile::commitToFreeName()
{
    TRY_ASSIGN(const bool placed, syncAndPlace(m_open, m_draft, m_file));
    if (placed) {
        m_draft.clear();
    }
    return placed;
}

Result<void> writeDurably(const fs::path& file, ByteView content, FileMode mode)
{
    TRY_ASSIGN(auto durable, DurableFile::create(file, mode));
    TRY(durable.write(content));
    return durable.commit();
}

Result<bool> writeToFreeName(const fs::path& file, ByteView content, FileMode mode)
{
    if (isLink(file)) { // DurableFile would follow it
        return false;
    }
    TRY_ASSIGN(auto durable, DurableFile::create(file, mode));
    TRY(durable.write(content));
    return durable.commitToFreeName();
}

Result<void> moveIntoPlace(const fs::path& draft, const fs::path& place)
{
    TRY(syncAndRename(Descriptor{::open(draft.c_str(), O_RDONLY | O_CLOEXEC)}, draft, place));
    return syncFolder(folderOf(place));
}

Result<bool> moveToFreeName(const fs::path& draft, const fs::path& place)
{
    if (isLink(draft)) {
        return renameToFree(draft, place);
    }
    return syncAndPlace(Descriptor{::open(draft.c_str(), O_RDONLY | O_CLOEXEC)}, draft, place);
}

Result<void> removeDurably(const fs::path& file)
{
    if (::unlink(file.c_str()) != 0) {
        const int fault = errno;
        if (fault == ENOENT) {
            return {};
        }
        const std::string why = std::error_code{fault, std::generic_category()}.message();
        return makeError(StationCode::FileUnusable, file.string() + " cannot be removed: " + why, "unlink",
                         Errno{fault});
    }
    return syncFolder(folderOf(file));
}

} // namespace enroll::system
