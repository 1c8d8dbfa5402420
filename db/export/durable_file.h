#pragma once

#include "db/export/export.h"

#include <functional>

namespace enroll::db::exporting {

/// Lets \p writer fill a temporary file beside \p file, syncs it, renames it over \p file and syncs the directory. On
/// any error \p file is as it was. Error S-332 where the path cannot be written or holds something that is no file (a
/// device, a pipe, a directory), else the writer's own.
Result<ExportReport> writeDurably(const std::filesystem::path& file,
                                  const std::function<Result<ExportReport>(QIODevice&)>& writer);

} // namespace enroll::db::exporting
