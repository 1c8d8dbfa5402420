#pragma once

#include "db/sqlite/schema.h"

#include <functional>

namespace enroll::db::sqlite {

/// Brings \p file, open as \p database, to the last of \p steps. The caller holds a lock that keeps others from
/// migrating the file; an empty file needs none.
///
/// An empty file gets all steps, and what \p begin writes, in one transaction; several programs may do so at once. A
/// file of an older schema is copied beside itself first (copyBeside()), then each step is one transaction: an
/// interruption leaves the file at the version before that step or after it. A schema that is not exactly what its
/// version says is refused, also one of the last version.
///
/// The file gets its mark (birthMark()) if it has none; an empty file that has one was lost, and is not begun anew.
///
/// \par Errors   the kind's: newer (a newer program made the schema), damaged (the schema was altered, or the file was lost), busy (another
///               program wrote while the file was copied), cannotSave; the file is then at a version that it was at
///               before. Each names the file
Result<void> migrateSchema(Connection& database, const std::filesystem::path& file, const SchemaKind& kind,
                           SchemaSteps steps, const std::function<Result<void>(Connection&)>& begin = {});

} // namespace enroll::db::sqlite
