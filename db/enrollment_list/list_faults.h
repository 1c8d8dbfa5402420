#pragma once

#include "core/base/service_code.h"
#include "db/sqlite/sql_fault.h"

namespace enroll::db::enrollment_list {

/// What a fault of the list's file is called: see EnrollmentList.
inline constexpr sqlite::FaultCodes kListFaults{
    .cannotSave = ServiceCode::ListCannotSave, .busy = ServiceCode::Busy, .damaged = ServiceCode::ListDamaged};

} // namespace enroll::db::enrollment_list
