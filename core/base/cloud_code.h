#pragma once

#include "core/base/error_code.h"

namespace enroll {

/// Cloud codes (U-): the destination of the records. Their rows, with headline and instruction, stand in cloud_code.cpp.
// clang-format off
#define ENROLL_CLOUD_CODES(CODE) \
    CODE(400, RefusedRequest) \
    CODE(401, RefusedSignIn) \
    CODE(403, Forbids) \
    CODE(404, DoesNotKnowId) \
    CODE(409, HasOtherKey) \
    CODE(410, HoldsOtherSettings) \
    CODE(411, EkDiffers) \
    CODE(412, EnrollmentDisabled) \
    CODE(413, RefusedSignature) \
    CODE(414, UnknownIdScope) \
    CODE(415, ProvisioningFailed) \
    CODE(416, RefusesAll) \
    CODE(417, ChallengeUnusable) \
    CODE(429, Busy) \
    CODE(430, AsksForLongWait) \
    CODE(495, CertificateInvalid) \
    CODE(500, Fault) \
    CODE(502, AnswerMalformed) \
    CODE(503, Unreachable) \
    CODE(504, TimedOut)
// clang-format on
ENROLL_CODE_FAMILY(CloudCode, CodeFamily::Cloud, ENROLL_CLOUD_CODES)

} // namespace enroll
