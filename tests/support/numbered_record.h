#pragma once

#include "core/enrollment/enrollment_record.h"

namespace enroll::test {

/// "dev-007": the seventh record's registration id.
enrollment::RegistrationId idNumber(int number);

/// A record whose key is told from others by its last bytes; the uploader never looks inside a key.
enrollment::EnrollmentRecord recordNumber(int number);

} // namespace enroll::test
