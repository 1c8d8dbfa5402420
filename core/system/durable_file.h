#pragma once

#include "core/base/bytes.h"
#include "core/system/descriptor.h"

#include <filesystem>

namespace enroll::system {

/// Who may read a file once it is written.
enum class FileMode {
    OwnerOnly, ///< 0600: secrets, and what holds them
    AnyReader, ///< 0644: certificates
    Usual,     ///< as the file it replaces; for a new one, what the umask leaves of 0666
};

/// A file that is replaced as a whole or not at all, also by a crash or a power cut.
///
/// The content goes into a draft beside the file, under a name of its own; commit() puts the draft in the file's place.
/// Before commit(), and if commit() fails before its rename, the file is as it was. The destructor removes a draft that
/// was not committed. A symbolic link is followed: its target is replaced, and the link stays.
///
/// \par Errors   S-333 naming the file, with errno: full disk, no permission, past the size limit (EFBIG; see
///               ignoreSignalsOfWrites()), links in a circle, or what has the name is no regular file
class DurableFile {
public:
    static Result<DurableFile> create(const std::filesystem::path& file, FileMode mode);
    DurableFile(DurableFile&& other) noexcept;
    DurableFile& operator=(DurableFile&&) = delete;
    DurableFile(const DurableFile&) = delete;
    DurableFile& operator=(const DurableFile&) = delete;
    ~DurableFile();

    /// Appends all of \p content.
    Result<void> write(ByteView content);
    /// Syncs the draft, renames it over the file and syncs the folder. After success the new content outlives a power
    /// cut.
    Result<void> commit();
    /// As commit(), but never in the place of anything: as moveToFreeName().
    Result<bool> commitToFreeName();

    /// The path that commit() replaces: the one given to create(), with its symbolic links followed.
    [[nodiscard]] const std::filesystem::path& place() const noexcept { return m_file; }
    /// The draft's descriptor, for a library that writes by itself. It must have flushed its buffers before commit().
    [[nodiscard]] int fd() const noexcept { return m_open.fd(); }

private:
    DurableFile(std::filesystem::path file, std::filesystem::path draft, Descriptor open)
        : m_file(std::move(file)), m_draft(std::move(draft)), m_open(std::move(open))
    {}

    std::filesystem::path m_file;
    std::filesystem::path m_draft; ///< empty once it was renamed or moved to another object: nothing to remove
    Descriptor m_open;
};

/// Replaces \p file by \p content as a whole: DurableFile in one call. Errors as DurableFile.
Result<void> writeDurably(const std::filesystem::path& file, ByteView content, FileMode mode);

/// Writes a new file as a whole, but never in the place of anything: false, and nothing changes, if \p file names
/// something, be it a link that leads nowhere. Errors as moveToFreeName().
Result<bool> writeToFreeName(const std::filesystem::path& file, ByteView content, FileMode mode);

/// Commits a draft that something else has written and closed: syncs it, renames it over \p place, which must be on the
/// same file system, and syncs the folder. Errors as DurableFile.
Result<void> moveIntoPlace(const std::filesystem::path& draft, const std::filesystem::path& place);

/// As moveIntoPlace(), but never in the place of anything: false, and the draft stays, if \p place names something, be it
/// a link that leads nowhere. Decided by the system in one step. A draft that is a symbolic link is moved itself, and what
/// it leads to stays. Errors as DurableFile; also a file system that cannot rename like that.
/// \par Source   rename(2), RENAME_NOREPLACE
Result<bool> moveToFreeName(const std::filesystem::path& draft, const std::filesystem::path& place);

/// Removes \p file so that it stays removed after a power cut; a symbolic link is removed itself. What does not exist is
/// removed already. Error S-333 naming \p file, with errno.
Result<void> removeDurably(const std::filesystem::path& file);

} // namespace enroll::system
