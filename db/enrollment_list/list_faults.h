#pragma once

#include "core/base/station_code.h"
#include "db/sqlite/sql_fault.h"

namespace enroll::db::enrollment_list {

/// What a fault of the list's file is called: see EnrollmentList. A damaged list cannot be told from one that cannot be
/// saved by whoever asks the service: both need a person at the service, and no Quality of a line.
inline constexpr sqlite::FaultCodes kListFaults{.cannotSave = StationCode::JournalCannotSave,
                                                .busy = StationCode::JournalBusy,
                                                .damaged = StationCode::JournalCannotSave};

} // namespace enroll::db::enrollment_list
