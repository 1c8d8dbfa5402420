#include "db/sqlite/sql_fault.h"

#include "core/base/cancellation.h"

#include <QSqlError>

namespace enroll::db::sqlite {
namespace {

// Primary result codes. Source: SQLite, "Result and Error Codes".
constexpr int kSqliteBusy = 5;
constexpr int kSqliteLocked = 6;
constexpr int kSqliteInterrupt = 9;
constexpr int kSqliteCorrupt = 11;
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

} // namespace

Error sqlFault(const QSqlError& fault, std::string operation, const NamedFile& file)
{
    constexpr int kPrimaryMask = 0xFF; // extended result codes carry the primary one in their low byte
    const auto native = fault.nativeErrorCode();
    const auto primary = native.toInt() & kPrimaryMask;
    if (primary == kSqliteInterrupt) { // an Interruption did it
        return stopAsked(std::move(operation));
    }
    return makeError(codeOf(primary, file.codes), file.name + ": " + fault.text().toStdString(), std::move(operation),
                     SqlError{native.toStdString()});
}

} // namespace enroll::db::sqlite
