#pragma once

#include "core/base/error.h"

#include <string>

class QSqlError;

namespace enroll::db::sqlite {

/// What the owner of a file calls its faults. A store speaks to its own readers: "the journal was altered" is no word of
/// the provisioning service's list.
struct FaultCodes {
    ErrorCode cannotSave; ///< disk full, no permission, a broken rule of the schema, anything not named below
    ErrorCode busy;       ///< another connection held the file past the time-out
    ErrorCode damaged;    ///< the file is no database or a broken one
};

/// SQLite's fault as an Error.
/// \par Source  SQLite, "Result and Error Codes"
Error sqlFault(const QSqlError& fault, std::string operation, const FaultCodes& codes);

} // namespace enroll::db::sqlite
