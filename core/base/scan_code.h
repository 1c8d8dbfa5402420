#pragma once

#include "core/base/error_code.h"

namespace enroll {

/// Scan codes (B-): what was scanned. Their rows, with headline and instruction, stand in scan_code.cpp.
// clang-format off
#define ENROLL_SCAN_CODES(CODE) \
    CODE(601, NotASerialNumber) \
    CODE(602, SerialAlreadyInSlot) \
    CODE(603, BadgeUnknown) \
    CODE(604, NoFreeSlot) \
    CODE(605, SerialHasResult) \
    CODE(606, ResultsWait) \
    CODE(607, SlotsWaitForStart) \
    CODE(608, NoSlotChosen) \
    CODE(609, ChosenSlotRuns) \
    CODE(610, OtherSerialInHand) \
    CODE(611, DeviceAwaited) \
    CODE(612, OldDeviceInSlot) \
    CODE(613, TwoCodesAsOne) \
    CODE(614, OtherStationsCard) \
    CODE(615, CapsLockIsOn) \
    CODE(616, CodeOfTwoKinds) \
    CODE(617, BadgeNotUsed) \
    CODE(618, BatchTooLong) \
    CODE(619, UnknownCommand) \
    CODE(620, SeveralFields) \
    CODE(621, KeysAmongScan) \
    CODE(622, CapsLockMayExchange) \
    CODE(623, NoDeviceInTime) \
    CODE(624, OrderMissing) \
    CODE(625, OperatorMissing) \
    CODE(626, PinWrong) \
    CODE(627, PinLocked) \
    CODE(628, SessionLocked) \
    CODE(629, PinMissing) \
    CODE(630, AdministratorMissing) \
    CODE(631, NoDeviceSaysSerial) \
    CODE(632, DeviceSaysOther) \
    CODE(633, TwoDevicesSaySerial) \
    CODE(634, OtherResultInSlot) \
    CODE(635, NoClearAnswer) \
    CODE(641, ScanCutOff)
// clang-format on
ENROLL_CODE_FAMILY(ScanCode, CodeFamily::Scan, ENROLL_SCAN_CODES)

} // namespace enroll
