#include "db/sqlite/sql_fault.h"

#include "core/base/station_code.h"

#include <QSqlError>

namespace enroll::db::sqlite {
namespace {

constexpr int kSqliteBusy = 5;
constexpr int kSqliteLocked = 6;
constexpr int kSqliteCorrupt = 11;
constexpr int kSqliteNotADatabase = 26;

ErrorCode codeOf(int primary, ErrorCode ifDamaged) noexcept
{
    switch (primary) {
    case kSqliteBusy:
    case kSqliteLocked:
        return StationCode::JournalBusy;
    case kSqliteCorrupt:
    case kSqliteNotADatabase:
        return ifDamaged;
    default:
        return StationCode::JournalCannotSave;
    }
}

} // namespace

Error sqlFault(const QSqlError& fault, std::string operation, ErrorCode ifDamaged)
{
    constexpr int kPrimaryMask = 0xFF; // extended result codes carry the primary one in their low byte
    const auto native = fault.nativeErrorCode();
    return makeError(codeOf(native.toInt() & kPrimaryMask, ifDamaged), fault.text().toStdString(), std::move(operation),
                     SqlError{native.toStdString()});
}

Result<void> requireWriteAheadLog(const std::string& mode)
{
    if (mode != "wal") {
        return makeError(StationCode::JournalCannotSave,
                         "the file cannot have a write-ahead log, only journal mode '" + mode + "'",
                         "PRAGMA journal_mode = WAL");
    }
    return {};
}

} // namespace enroll::db::sqlite
