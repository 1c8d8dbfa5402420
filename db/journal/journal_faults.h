#pragma once

#include "core/base/station_code.h"
#include "db/sqlite/sql_fault.h"

namespace enroll::db::journal {

/// The error codes for faults of the journal's file.
inline constexpr sqlite::FaultCodes kJournalFaults{.cannotSave = StationCode::JournalCannotSave,
                                                   .busy = StationCode::JournalBusy,
                                                   .damaged = StationCode::JournalAltered};

} // namespace enroll::db::journal
