#pragma once

#include "core/base/error_code.h"

namespace enroll {

/// Hold codes (H-): what a comparison with earlier enrollments finds. Their rows, with headline and instruction, stand in hold_code.cpp.
// clang-format off
#define ENROLL_HOLD_CODES(CODE) \
    CODE(201, EkEnrolledElsewhere) \
    CODE(202, SerialHasOtherEk) \
    CODE(203, RegistrationIdTaken) \
    CODE(204, EnrolledOtherwise) \
    CODE(205, TpmEnrolledElsewhere) \
    CODE(206, EkReadElsewhere) \
    CODE(207, OtherDeviceThanStopped)
// clang-format on
ENROLL_CODE_FAMILY(HoldCode, CodeFamily::Hold, ENROLL_HOLD_CODES)

} // namespace enroll
