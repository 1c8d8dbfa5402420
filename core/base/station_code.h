#pragma once

#include "core/base/error_code.h"

namespace enroll {

/// Station codes (S-): the station itself: its journal, its files, its configuration. Their rows, with headline and instruction, stand in station_code.cpp.
// clang-format off
#define ENROLL_STATION_CODES(CODE) \
    CODE(301, JournalCannotSave) \
    CODE(302, JournalBusy) \
    CODE(303, JournalAltered) \
    CODE(321, StationCannotReachPort) \
    CODE(330, ConfigurationInvalid) \
    CODE(331, UsageInvalid) \
    CODE(332, InputInvalid) \
    CODE(340, CryptoFailed) \
    CODE(399, InternalFault)
// clang-format on
ENROLL_CODE_FAMILY(StationCode, CodeFamily::Station, ENROLL_STATION_CODES)

} // namespace enroll
