#pragma once

#include "core/base/result.h"

#include <string>

class QSqlError;

namespace enroll::db::sqlite {

/// SQLite's fault as an Error: S-302 if another connection held the file past the time-out, \p ifDamaged if the file is
/// no database or a broken one, S-301 for anything else.
/// \par Source  SQLite, "Result and Error Codes"
Error sqlFault(const QSqlError& fault, std::string operation, ErrorCode ifDamaged);

/// What SQLite answered to PRAGMA journal_mode = WAL: it names the mode it came to, and reports no fault where that is
/// another, on a file system without shared memory for one. Error S-301 unless it is "wal".
Result<void> requireWriteAheadLog(const std::string& mode);

} // namespace enroll::db::sqlite
