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

/// A file in the making: written beside its place under a name of its own, and put there whole by commit(). Until then,
/// and if commit() fails before the renaming, the place is as it was; the draft goes with the object. A link is
/// followed: what it points to is replaced, and the link stays.
///
/// \par Errors   S-301 naming the file, with errno: full disk, no permission, past the size limit (EFBIG; see
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
    /// Syncs the draft, renames it over its place and syncs the folder: after this, the file outlives a power cut.
    Result<void> commit();

    /// For a writer of another library; nothing of it may be buffered there when commit() is called.
    [[nodiscard]] int fd() const noexcept { return m_open.fd(); }

private:
    DurableFile(std::filesystem::path file, std::filesystem::path draft, Descriptor open)
        : m_file(std::move(file)), m_draft(std::move(draft)), m_open(std::move(open))
    {}

    std::filesystem::path m_file;
    std::filesystem::path m_draft; ///< empty once it is gone or in its place
    Descriptor m_open;
};

/// Puts \p content where \p file names. Errors as DurableFile.
Result<void> writeDurably(const std::filesystem::path& file, ByteView content, FileMode mode);

/// For a draft that something else has written and closed: syncs it, renames it over \p place in the same file system and
/// syncs the folder. Errors as DurableFile.
Result<void> moveIntoPlace(const std::filesystem::path& draft, const std::filesystem::path& place);

} // namespace enroll::system
