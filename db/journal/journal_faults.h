#pragma once

#include "core/base/station_code.h"
#include "db/sqlite/sql_fault.h"

namespace enroll::db::journal {

/// What a fault of the journal's file is called.
inline constexpr sqlite::FaultCodes kJournalFaults{.cannotSave = StationCode::JournalCannotSave,
                                                   .busy = StationCode::JournalBusy,
                                                   .damaged = StationCode::JournalAltered};

} // namespace enroll::db::journal
