#pragma once

#include "core/enrollment/enrollment_record.h"
#include "core/provisioning/individual_enrollment.h"

namespace enroll::db::dps {

/// The individual enrollment that stands for a record: TPM attestation with the record's endorsement key, enabled,
/// device id and settings only where the record has them. Everything else is left to the service's defaults. Pure.
provisioning::IndividualEnrollment enrollmentOfRecord(const enrollment::EnrollmentRecord& record);

} // namespace enroll::db::dps
