#pragma once

#include "core/base/recoded.h"
#include "core/base/station_code.h"
#include "db/sqlite/sql_fault.h"

namespace enroll::db::journal {

/// The error codes for faults of the journal's file.
inline constexpr sqlite::FaultCodes kJournalFaults{.cannotSave = StationCode::JournalCannotSave,
                                                   .busy = StationCode::JournalBusy,
                                                   .damaged = StationCode::JournalAltered};

/// A file or lock of the journal that cannot be made or written, as the journal's own fault: S-301 for S-333.
template <ResultWithError T>
[[nodiscard]] T asJournalFault(T result)
{
    return recodedIf(std::move(result), StationCode::FileUnusable, kJournalFaults.cannotSave);
}

} // namespace enroll::db::journal
