#pragma once

#include "core/base/error_code.h"

namespace enroll {

/// Device codes (D-): the device under test and its TPM. Their rows, with headline and instruction, stand in device_code.cpp.
// clang-format off
#define ENROLL_DEVICE_CODES(CODE) \
    CODE(101, NoTpmAnswers) \
    CODE(102, TpmTimedOut) \
    CODE(103, TpmResponseMalformed) \
    CODE(104, TpmSelfTestFailed) \
    CODE(105, TpmResponseTruncated) \
    CODE(106, TpmResponseOversized) \
    CODE(107, TpmNotTested) \
    CODE(108, TpmStaysBusy) \
    CODE(109, TpmRefusedCommand) \
    CODE(110, TpmRestarted) \
    CODE(111, TpmResourcesExhausted) \
    CODE(112, TpmHierarchyLocked) \
    CODE(113, EndorsementKeyUnusable) \
    CODE(114, StorageRootKeyUnusable) \
    CODE(115, HierarchyOff) \
    CODE(116, TpmNotStarted) \
    CODE(117, FirmwareUpdateUnfinished) \
    CODE(118, TpmLockedOut) \
    CODE(119, TpmOfVersion12) \
    CODE(120, EkCertificateInvalid) \
    CODE(121, EkCertificateMissing) \
    CODE(122, EkCertificateUntrusted) \
    CODE(123, EkCertificateWrongKey) \
    CODE(124, EkCertificateMalformed) \
    CODE(125, EkCertificateExpired) \
    CODE(126, SoftwareTpmRefused) \
    CODE(127, FirmwareTooOld) \
    CODE(128, WeakKey) \
    CODE(129, ManufacturerNotAllowed) \
    CODE(130, AttestationWrong) \
    CODE(131, ActivationRefused) \
    CODE(132, AnswersChanged) \
    CODE(133, SeedNotMakers) \
    CODE(134, MayShowOtherKey) \
    CODE(135, NotAsShipped) \
    CODE(136, EkCertificateIssuerWeak) \
    CODE(137, EkCertificateRevocationUnknown) \
    CODE(138, EkCertificateRevoked) \
    CODE(139, EkCertificateOldForm) \
    CODE(140, DeviceRemoved) \
    CODE(141, Cancelled) \
    CODE(142, EkCertificateNotOfAnEk) \
    CODE(143, EkCertificateNamesNoMaker) \
    CODE(144, EkCertificateOtherChip) \
    CODE(145, SaysOtherSerial) \
    CODE(146, SaysNoSerial) \
    CODE(147, SaysUnfitSerial) \
    CODE(148, SaidSerialChanged)
// clang-format on
ENROLL_CODE_FAMILY(DeviceCode, CodeFamily::Device, ENROLL_DEVICE_CODES)

} // namespace enroll
