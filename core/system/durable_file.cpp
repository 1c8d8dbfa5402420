#include "core/system/durable_file.h"

#include "core/base/recoded.h"
#include "core/base/station_code.h"
#include "core/system/regular_file.h"

#include <cerrno>
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
    return makeError(StationCode::JournalCannotSave, file.string() + " cannot be written: " + why, operation,
                     Errno{fault});
}

/// Where \p file leads to, itself if it is no link. Of a link into nothing, the place it names.
Result<fs::path> placeOf(const fs::path& file)
{
    TRY(recoded(fileIsThere(file), StationCode::JournalCannotSave));
    auto place = file;
    std::error_code fault;
    while (fs::is_symlink(fs::symlink_status(place, fault))) { // ends: one that leads in a circle was refused above
        const auto next = fs::read_symlink(place, fault);
        if (fault) {
            return cannotWrite(file, "readlink", fault.value());
        }
        place = place.parent_path() / next; // of an absolute target, the target alone
    }
    return place;
}

fs::path folderOf(const fs::path& file)
{
    return file.has_parent_path() ? file.parent_path() : fs::path{"."};
}

/// A name that nobody else has, in the same folder: renaming works within one file system alone.
fs::path draftName(const fs::path& place)
{
    std::random_device random;
    return folderOf(place) / ("." + place.filename().string() + "." + std::to_string(random()) + ".new");
}

/// What the draft is made with. fchmod() gives the rest, once nobody can be reading.
constexpr mode_t creationMode(FileMode mode) noexcept
{
    return mode == FileMode::Usual ? kAnybody : kOwner;
}

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

/// Without this the new name itself could be gone after a power cut.
Result<void> syncFolder(const fs::path& folder)
{
    const Descriptor opened{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (!opened.valid() || ::fsync(opened.fd()) != 0) {
        return cannotWrite(folder, "fsync", errno);
    }
    return {};
}

/// \p opened is the draft. Its name is that of \p place from here on, though a power cut may still undo it.
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

} // namespace

Result<DurableFile> DurableFile::create(const fs::path& file, FileMode mode)
{
    TRY_ASSIGN(auto place, placeOf(file));
    constexpr int kAttempts = 16;
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
        content = content.subspan(count > 0 ? static_cast<std::size_t>(count) : 0);
    }
    return {};
}

Result<void> DurableFile::commit()
{
    TRY(syncAndRename(m_open, m_draft, m_file));
    m_draft.clear();
    return syncFolder(folderOf(m_file));
}

Result<void> writeDurably(const fs::path& file, ByteView content, FileMode mode)
{
    TRY_ASSIGN(auto durable, DurableFile::create(file, mode));
    TRY(durable.write(content));
    return durable.commit();
}

Result<void> moveIntoPlace(const fs::path& draft, const fs::path& place)
{
    TRY(syncAndRename(Descriptor{::open(draft.c_str(), O_RDONLY | O_CLOEXEC)}, draft, place));
    return syncFolder(folderOf(place));
}

} // namespace enroll::system
