#include "db/dps/enrollment_of_record.h"

namespace enroll::db::dps {

provisioning::IndividualEnrollment enrollmentOfRecord(const enrollment::EnrollmentRecord& record)
{
    provisioning::IndividualEnrollment result;
    static_cast<enrollment::EnrollmentSettings&>(result) = record.settings;
    result.registrationId = record.registrationId;
    result.deviceId = record.deviceId;
    result.attestation.endorsementKey = record.endorsementKey;
    return result;
}

} // namespace enroll::db::dps
