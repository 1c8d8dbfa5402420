#pragma once

#include "core/enrollment/enrollment_record.h"
#include "core/enrollment/product_profile.h"

namespace enroll::enrollment {

/// The record that \p profile would make of the device that \p record is about. Serial number, key, batch and run stay as
/// they are: they are facts about the device. Errors S-338, S-340.
Result<EnrollmentRecord> recordUnder(const ProductProfile& profile, const EnrollmentRecord& record);

/// What \p wanted says otherwise than \p record, by the keys of a profile's [enrollment], with both values where they are
/// short: `registration_id ("6rek…" in the record, "GX-5" by the profile)`. Registration ids are compared as the service
/// does, whatever the case of their letters. Empty: the two are one enrollment. Pure.
std::vector<std::string> differences(const EnrollmentRecord& record, const EnrollmentRecord& wanted);

} // namespace enroll::enrollment
