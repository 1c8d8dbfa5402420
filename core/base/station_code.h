#pragma once

#include "core/base/error_code.h"

namespace enroll {

/// Station codes (S-): the station itself: its journal, its files, its configuration. Their rows, with headline and
/// instruction, stand in station_code.cpp. S-332 is retired: no program makes it, but runs stored by version 0.1.0 hold
/// it.
// clang-format off
#define ENROLL_STATION_CODES(CODE) \
    CODE(301, JournalCannotSave) \
    CODE(302, JournalBusy) \
    CODE(303, JournalAltered) \
    CODE(304, JournalNewer) \
    CODE(305, SelfCheckOverdue) \
    CODE(306, SelfCheckFailed) \
    CODE(321, StationCannotReachPort) \
    CODE(330, ConfigurationInvalid) \
    CODE(331, UsageInvalid) \
    CODE(332, RetiredInputInvalid) \
    CODE(333, FileUnusable) \
    CODE(334, DocumentMalformed) \
    CODE(335, EncodingMalformed) \
    CODE(336, TimeMalformed) \
    CODE(337, KeyMaterialUnusable) \
    CODE(338, NameNotAllowed) \
    CODE(339, NothingFound) \
    CODE(340, CryptoFailed) \
    CODE(341, ClockWrong) \
    CODE(342, ScannerLost) \
    CODE(343, PeerNotOfPlant) \
    CODE(344, PeerCertificateOutOfDate) \
    CODE(345, PeerRefusesCertificate) \
    CODE(346, PeerSpeaksOtherwise) \
    CODE(347, TrustUnreadable) \
    CODE(348, TrustBusy) \
    CODE(349, HostKeyUnknown) \
    CODE(350, HostKeyChanged) \
    CODE(351, LoginRefused) \
    CODE(352, RelayMissing) \
    CODE(353, LoginImpossible) \
    CODE(354, TextBeforeAnswer) \
    CODE(399, InternalFault)
// clang-format on
ENROLL_CODE_FAMILY(StationCode, CodeFamily::Station, ENROLL_STATION_CODES)

} // namespace enroll
