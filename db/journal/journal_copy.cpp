#include "db/journal/journal_copy.h"

#include "core/base/station_code.h"
#include "db/sqlite/private_file.h"

#include <cerrno>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

namespace enroll::db::journal {
namespace {

constexpr std::size_t kHashBytesInName = 8;

Error cannotCopy(const std::filesystem::path& copy, const std::string& why, ErrorSource source)
{
    return makeError(StationCode::JournalCannotSave,
                     "the journal cannot be copied to " + copy.string() +
                         ", which must be done before a new version changes it; nothing was changed: " + why,
                     "copy the journal", std::move(source));
}

/// VACUUM INTO leaves it to its caller to bring the file to the disk.
Result<void> sync(const std::filesystem::path& path, int flags)
{
    const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC);
    const bool synced = descriptor >= 0 && ::fsync(descriptor) == 0;
    const int fault = errno;
    if (descriptor >= 0) {
        ::close(descriptor);
    }
    return synced ? Result<void>{}
                  : cannotCopy(path, std::error_code{fault, std::system_category()}.message(), Errno{fault});
}

Result<void> writeCopy(JournalDatabase& database, const std::filesystem::path& part)
{
    std::error_code fault;
    std::filesystem::remove(part, fault); // what an interruption left
    TRY(sqlite::makePrivateFile(part));
    const auto copied = database.execute("VACUUM INTO ?", {QString::fromStdString(part.string())});
    if (!copied) {
        const auto error = cannotCopy(part, copied.error().what, copied.error().source);
        std::filesystem::remove(part, fault);
        return error;
    }
    return sync(part, O_RDONLY);
}

} // namespace

std::filesystem::path copyName(const std::filesystem::path& file, int version, const audit::ChainHead& head)
{
    const auto hash = ByteView{head.hash}.first(std::min(head.hash.size(), kHashBytesInName));
    return file.string() + ".schema-" + std::to_string(version) + "." + toHex(hash);
}

Result<void> copyBeside(JournalDatabase& database, const std::filesystem::path& copy)
{
    std::error_code fault;
    if (std::filesystem::exists(copy, fault)) {
        return {};
    }
    const std::filesystem::path part{copy.string() + ".part"};
    TRY(writeCopy(database, part));
    std::filesystem::rename(part, copy, fault);
    if (fault) {
        return cannotCopy(copy, fault.message(), Errno{fault.value()});
    }
    return sync(copy.parent_path(), O_RDONLY | O_DIRECTORY);
}

} // namespace enroll::db::journal
