#include "db/sqlite/sql_fault.h"

#include "core/base/cancellation.h"

#include <QSqlError>

#include <algorithm>
#include <array>
#include <filesystem>

namespace enroll::db::sqlite {
namespace {

// Primary result codes. Source: SQLite, "Result and Error Codes".
constexpr int kSqliteBusy = 5;
constexpr int kSqliteLocked = 6;
constexpr int kSqliteInterrupt = 9;
constexpr int kSqliteCorrupt = 11;
constexpr int kSqliteFull = 13;
constexpr int kSqliteNotADatabase = 26;

ErrorCode codeOf(int primary, const FaultCodes& codes) noexcept
{
    switch (primary) {
    case kSqliteBusy:
    case kSqliteLocked:
        return codes.busy;
    case kSqliteCorrupt:
    case kSqliteNotADatabase:
        return codes.damaged;
    default:
        return codes.cannotSave;
    }
}

/// True if nothing more can be written beside \p file. SQLite calls many a full disk an I/O error.
bool hasNoRoom(const std::string& file)
{
    constexpr std::uintmax_t kTooLittle = 64 << 10; // SQLite grows the log's shared memory by 32 KiB
    std::error_code failure;
    const auto room = std::filesystem::space(std::filesystem::absolute(file, failure).parent_path(), failure);
    return !failure && room.available < kTooLittle;
}

/// True if the I/O error \p extended is one of writing: SQLITE_IOERR_WRITE, _FSYNC, _DIR_FSYNC, _TRUNCATE, _SHMOPEN,
/// _SHMSIZE and _SHMMAP. A full disk can be read.
bool isOfWriting(int extended) noexcept
{
    constexpr std::array kWriting{778, 1034, 1290, 1546, 4618, 4874, 5386};
    return std::ranges::count(kWriting, extended) > 0;
}

/// "the disk is full: …; " where it is; else empty.
std::string fullDiskWords(int extended, const std::string& file)
{
    const bool full = extended == kSqliteFull || (isOfWriting(extended) && hasNoRoom(file));
    return full ? "the disk is full: make room on the disk of this file, then start again; " : "";
}

} // namespace

Error sqlFault(const QSqlError& fault, std::string operation, const NamedFile& file)
{
    constexpr int kPrimaryMask = 0xFF; // extended result codes carry the primary one in their low byte
    const auto native = fault.nativeErrorCode();
    const int primary = native.toInt() & kPrimaryMask;
    if (primary == kSqliteInterrupt) { // an Interruption did it
        return stopAsked(std::move(operation));
    }
    return makeError(codeOf(primary, file.codes),
                     file.name + ": " + fullDiskWords(native.toInt(), file.name) + fault.text().toStdString(),
                     std::move(operation), SqlError{native.toStdString()});
}

} // namespace enroll::db::sqlite
