#include "db/journal/journal_copy.h"

#include "core/base/station_code.h"
#include "core/system/durable_file.h"
#include "core/system/regular_file.h"

#include <system_error>

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

Result<void> writeCopy(sqlite::Connection& database, const std::filesystem::path& part)
{
    std::error_code fault;
    std::filesystem::remove(part, fault); // left by an interrupted copy
    if (const auto made = system::makePrivateFile(part); !made) {
        return cannotCopy(part, made.error().what, made.error().source);
    }
    const auto copied = database.execute("VACUUM INTO ?", {QString::fromStdString(part.string())});
    if (!copied) {
        const auto error = cannotCopy(part, copied.error().what, copied.error().source);
        std::filesystem::remove(part, fault);
        return error;
    }
    return {};
}

} // namespace

std::filesystem::path copyName(const std::filesystem::path& file, int version, const audit::ChainHead& head)
{
    const auto hash = ByteView{head.hash}.first(std::min(head.hash.size(), kHashBytesInName));
    return file.string() + ".schema-" + std::to_string(version) + "." + toHex(hash);
}

Result<void> copyBeside(sqlite::Connection& database, const std::filesystem::path& copy)
{
    std::error_code fault;
    if (std::filesystem::exists(copy, fault)) {
        return {};
    }
    const std::filesystem::path part{copy.string() + ".part"};
    TRY(writeCopy(database, part));
    // VACUUM INTO does not sync the file that it has written.
    if (const auto placed = system::moveIntoPlace(part, copy); !placed) {
        return cannotCopy(copy, placed.error().what, placed.error().source);
    }
    return {};
}

} // namespace enroll::db::journal
