#pragma once

#include "core/base/error.h"

#include <string>

class QSqlError;

namespace enroll::db::sqlite {

/// The error codes for faults of one kind of file. Each store has its own: "the journal was altered" would be wrong for
/// the provisioning service's list.
struct FaultCodes {
    ErrorCode cannotSave; ///< disk full, no permission, a constraint of the schema, and everything not named below
    ErrorCode busy;       ///< another connection held the file past the time-out
    ErrorCode damaged;    ///< the file is no database or a broken one
};

/// A file and what its owner calls its faults.
struct NamedFile {
    std::string name;
    FaultCodes codes;
};

/// The Error for a fault that SQLite reported about \p file. SQLite's message is the `what`, behind words of our own where
/// the disk is full, which SQLite often calls an I/O error; its result code, extended,
/// is the `source`.
/// \par Source  SQLite, "Result and Error Codes"
Error sqlFault(const QSqlError& fault, std::string operation, const NamedFile& file);

} // namespace enroll::db::sqlite
