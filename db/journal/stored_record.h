#pragma once

#include "core/enrollment/enrollment_record.h"

#include <QByteArray>

namespace enroll::db::journal {

/// The record in a stored document of the journal. Error S-330 if this program cannot read it: then a newer program
/// wrote it, as the chain proves the bytes, and a decision without the record could be wrong.
Result<enrollment::EnrollmentRecord> storedRecord(const QByteArray& body);

} // namespace enroll::db::journal
