#pragma once

#include "core/base/error.h"
#include "db/documents/newer_record.h"

#include <span>

namespace enroll::app::enrollctl {

/// Says of records that a newer program wrote, at least one, what was not done with them: \p notDone is "not sent".
Error writtenByNewerProgram(std::string_view notDone, std::span<const db::documents::NewerRecord> records);

} // namespace enroll::app::enrollctl
