#include "db/sqlite/file_copy.h"

#include "core/system/durable_file.h"
#include "core/system/regular_file.h"
#include "core/system/whole_file.h"
#include "db/qt/values.h"

#include <system_error>

namespace enroll::db::sqlite {
namespace {

constexpr std::size_t kMarkInName = 16;
constexpr int kNames = 100; ///< of one copy, until somebody has to look at what takes them

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

std::filesystem::path numbered(const std::filesystem::path& copy, int number)
{
    return number == 1 ? copy : std::filesystem::path{copy.string() + "." + std::to_string(number)};
}

/// True if the copy in \p part stands under \p name now, put there or found there; \p part is then gone.
Result<bool> isCopiedAs(const std::filesystem::path& part, const std::filesystem::path& name, const FaultCodes& codes)
{
    // One content makes one copy, byte for byte. What cannot be read is not known to be one.
    if (const auto same = system::haveSameContent(part, name); same && *same) {
        std::error_code fault;
        std::filesystem::remove(part, fault);
        return true;
    }
    // VACUUM INTO leaves it to its caller to bring the file to the disk.
    auto placed = system::moveToFreeName(part, name);
    return placed ? std::move(placed) : Result<bool>{cannotCopy(name, placed.error(), codes)};
}

} // namespace

std::filesystem::path copyName(const std::filesystem::path& file, int version, const std::string& mark)
{
    return file.string() + ".schema-" + std::to_string(version) + "." + mark.substr(0, kMarkInName);
}

Result<void> copyBeside(Connection& database, const std::filesystem::path& copy, const FaultCodes& codes)
{
    const std::filesystem::path part{copy.string() + ".part"};
    TRY(writeCopy(database, part, codes));
    for (int number = 1; number <= kNames; ++number) {
        TRY_ASSIGN(const bool there, isCopiedAs(part, numbered(copy, number), codes));
        if (there) {
            return {};
        }
    }
    std::error_code fault;
    std::filesystem::remove(part, fault);
    return cannotCopy(copy, makeError(codes.cannotSave, "other files have this name and all that follow it"), codes);
}

} // namespace enroll::db::sqlite
