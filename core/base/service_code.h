#pragma once

#include "core/base/error_code.h"

namespace enroll {

/// Service codes (P-): the provisioning service itself: its enrollment list, its files, its address. Their rows, with
/// headline and instruction, stand in service_code.cpp.
// clang-format off
#define ENROLL_SERVICE_CODES(CODE) \
    CODE(701, ListCannotSave) \
    CODE(702, Busy) \
    CODE(703, ListDamaged) \
    CODE(704, ListTooNew) \
    CODE(711, FileUnusable) \
    CODE(712, CannotListen)
// clang-format on
ENROLL_CODE_FAMILY(ServiceCode, CodeFamily::Service, ENROLL_SERVICE_CODES)

} // namespace enroll
