#include "db/sqlite/file_copy.h"

#include "core/system/durable_file.h"
#include "core/system/regular_file.h"
#include "db/qt/values.h"

#include <system_error>

namespace enroll::db::sqlite {
namespace {

constexpr std::size_t kMarkInName = 16;

Error cannotCopy(const std::filesystem::path& copy, const Error& cause, const FaultCodes& codes)
{
    return makeError(codes.cannotSave,
                     "the file cannot be copied to " + copy.string() +
                         ", which must be done before a new version changes it; nothing was changed: " + cause.what,
                     "copy the file", cause.source);
}

Result<void> writeCopy(Connection& database, const std::filesystem::path& part, const FaultCodes& codes)
{
    std::error_code fault;
    std::filesystem::remove(part, fault); // what an interruption left
    if (const auto made = system::makePrivateFile(part); !made) {
        return cannotCopy(part, made.error(), codes);
    }
    const auto copied = database.execute("VACUUM INTO ?", {qt::toQPath(part)});
    if (!copied) {
        std::filesystem::remove(part, fault);
        return cannotCopy(part, copied.error(), codes);
    }
    return {};
}

} // namespace

std::filesystem::path copyName(const std::filesystem::path& file, int version, const std::string& mark)
{
    return file.string() + ".schema-" + std::to_string(version) + "." + mark.substr(0, kMarkInName);
}

Result<void> copyBeside(Connection& database, const std::filesystem::path& copy, const FaultCodes& codes)
{
    std::error_code fault;
    if (std::filesystem::exists(copy, fault)) {
        return {};
    }
    const std::filesystem::path part{copy.string() + ".part"};
    TRY(writeCopy(database, part, codes));
    // VACUUM INTO leaves it to its caller to bring the file to the disk.
    if (const auto placed = system::moveIntoPlace(part, copy); !placed) {
        return cannotCopy(copy, placed.error(), codes);
    }
    return {};
}

} // namespace enroll::db::sqlite
