#pragma once

#include "core/enrollment/enrollment_record.h"

#include <QByteArray>

namespace enroll::db::journal {

/// The record in a stored document of the journal. Error S-330 if this program cannot read it: the chain vouches for
/// the bytes, so it is a newer program's record, and nothing may be decided without it.
Result<enrollment::EnrollmentRecord> storedRecord(const QByteArray& body);

} // namespace enroll::db::journal
