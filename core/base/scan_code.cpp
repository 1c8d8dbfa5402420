#include "core/base/scan_code.h"

#include "core/base/code_table.h"

namespace enroll {
namespace {

using C = ScanCode;
using N = NextStep;
using namespace code_table;

constexpr std::array kRows{
    CodeDescription{C::NotASerialNumber, "B-601", kNone, N::ScanAgain,
                    ENROLL_TEXT("ErrorCatalog", "This barcode is not a serial number."),
                    ENROLL_TEXT("ErrorCatalog", "Scan the label under the device.")},
    CodeDescription{C::SerialAlreadyInSlot, "B-602", kNone, N::ScanAgain,
                    ENROLL_TEXT("ErrorCatalog", "%1 is already in another slot."),
                    ENROLL_TEXT("ErrorCatalog", "Take the right device, scan its label.")},
    CodeDescription{C::BadgeUnknown, "B-603", kNone, N::Nothing,
                    ENROLL_TEXT("ErrorCatalog", "This badge is not known here."),
                    ENROLL_TEXT("ErrorCatalog", "Call the line lead.")},
    CodeDescription{C::NoFreeSlot, "B-604", kNone, N::WaitAndRetry, ENROLL_TEXT("ErrorCatalog", "Every slot is busy."),
                    ENROLL_TEXT("ErrorCatalog", "Wait for a result, then scan again.")},
    CodeDescription{
        C::SerialHasResult, "B-605", kNone, N::ScanAgain, ENROLL_TEXT("ErrorCatalog", "%1 has its result in a slot."),
        ENROLL_TEXT("ErrorCatalog", "To test it again: the label of its slot (or F2 and its number), then scan it.")},
    CodeDescription{C::ResultsWait, "B-606", kNone, N::ScanAgain,
                    ENROLL_TEXT("ErrorCatalog", "Every slot shows a result that somebody must deal with."),
                    ENROLL_TEXT("ErrorCatalog",
                                "Take its device out. Then the label of its slot (or F2 and its number), and scan.")},
    CodeDescription{C::SlotsWaitForStart, "B-607", kNone, N::ScanAgain,
                    ENROLL_TEXT("ErrorCatalog", "No slot is free, and some wait for their start."),
                    ENROLL_TEXT("ErrorCatalog", "Each tile says what starts it. Then scan again.")},
    CodeDescription{
        C::NoSlotChosen, "B-608", kNone, N::ScanAgain, ENROLL_TEXT("ErrorCatalog", "No slot is chosen for %1."),
        ENROLL_TEXT("ErrorCatalog", "Scan the slot's label, or press F2 and its number. Then scan the serial.")},
    CodeDescription{C::ChosenSlotRuns, "B-609", kNone, N::ScanAgain,
                    ENROLL_TEXT("ErrorCatalog", "The chosen slot runs its test."),
                    ENROLL_TEXT("ErrorCatalog", "Wait for its result or choose another slot, then scan again.")},
    CodeDescription{C::OtherSerialInHand, "B-610", kNone, N::ScanAgain,
                    ENROLL_TEXT("ErrorCatalog", "%1 is in hand and has no slot yet."),
                    ENROLL_TEXT("ErrorCatalog", "Put its device in first, or drop it by Esc. Then scan again.")},
    CodeDescription{
        C::DeviceAwaited, "B-611", kNone, N::ScanAgain,
        ENROLL_TEXT("ErrorCatalog", "%1 waits in its slot for its device."),
        ENROLL_TEXT("ErrorCatalog", "Put its device in, or take it out by F2, slot number, F7. Then scan again.")},
    CodeDescription{C::OldDeviceInSlot, "B-612", kNone, N::ScanAgain,
                    ENROLL_TEXT("ErrorCatalog", "The device of the last test may still be in the slot."),
                    ENROLL_TEXT("ErrorCatalog", "Take it out, then scan the next serial again.")},
    CodeDescription{C::TwoCodesAsOne, "B-613", kNone, N::ScanAgain,
                    ENROLL_TEXT("ErrorCatalog", "Two barcodes came as one."),
                    ENROLL_TEXT("ErrorCatalog", "Nothing was taken. Scan one label, wait for the beep.")},
    CodeDescription{C::OtherStationsCard, "B-614", kNone, N::ScanAgain,
                    ENROLL_TEXT("ErrorCatalog", "This command card is another station's."),
                    ENROLL_TEXT("ErrorCatalog", "Nothing was done. Scan the card of this station.")},
    CodeDescription{C::CapsLockIsOn, "B-615", kNone, N::ScanAgain,
                    ENROLL_TEXT("ErrorCatalog", "Capitals and small letters are exchanged."),
                    ENROLL_TEXT("ErrorCatalog", "Turn Caps Lock off and scan again, or type it as on the label.")},
    CodeDescription{C::CodeOfTwoKinds, "B-616", kNone, N::CallTechnician,
                    ENROLL_TEXT("ErrorCatalog", "This barcode fits two kinds of codes."),
                    ENROLL_TEXT("ErrorCatalog", "Nothing was taken. Call maintenance: two patterns fit it.")},
    CodeDescription{C::BadgeNotUsed, "B-617", kNone, N::ScanAgain,
                    ENROLL_TEXT("ErrorCatalog", "This is a badge, and nobody signs in here."),
                    ENROLL_TEXT("ErrorCatalog", "Nothing was taken. Scan the label of a device.")},
    CodeDescription{C::BatchTooLong, "B-618", kNone, N::CallTechnician,
                    ENROLL_TEXT("ErrorCatalog", "This work order has more than 64 characters."),
                    ENROLL_TEXT("ErrorCatalog", "Nothing was taken. Call maintenance: the pattern is too wide.")},
    CodeDescription{C::UnknownCommand, "B-619", kNone, N::ScanAgain,
                    ENROLL_TEXT("ErrorCatalog", "This station does not know this command."),
                    ENROLL_TEXT("ErrorCatalog", "Nothing was done. Scan it again, from the card of this station.")},
    CodeDescription{C::SeveralFields, "B-620", kNone, N::ScanAgain,
                    ENROLL_TEXT("ErrorCatalog", "This barcode holds more than a serial number."),
                    ENROLL_TEXT("ErrorCatalog", "Nothing was taken. Scan the barcode of the serial number alone.")},
    CodeDescription{C::KeysAmongScan, "B-621", kNone, N::ScanAgain,
                    ENROLL_TEXT("ErrorCatalog", "A key was pressed beside the scan."),
                    ENROLL_TEXT("ErrorCatalog", "Nothing was taken. Hands off the keys, then scan again.")},
    CodeDescription{C::CapsLockMayExchange, "B-622", kNone, N::ScanAgain,
                    ENROLL_TEXT("ErrorCatalog", "Caps Lock is on: capitals may be exchanged."),
                    ENROLL_TEXT("ErrorCatalog", "Nothing was taken. Turn Caps Lock off and scan again.")},
    CodeDescription{C::NoDeviceInTime, "B-623", kNone, N::Nothing,
                    ENROLL_TEXT("ErrorCatalog", "No device came for %1 in time."),
                    ENROLL_TEXT("ErrorCatalog", "Put its device in, then start its test by F4.")},
    CodeDescription{C::OrderMissing, "B-624", kNone, N::ScanAgain,
                    ENROLL_TEXT("ErrorCatalog", "No work order is taken yet."),
                    ENROLL_TEXT("ErrorCatalog", "Scan a work order. Then scan the label again.")},
    CodeDescription{C::OperatorMissing, "B-625", kNone, N::ScanAgain,
                    ENROLL_TEXT("ErrorCatalog", "Nobody is signed in."),
                    ENROLL_TEXT("ErrorCatalog", "Scan your badge. Then do it again.")},
    CodeDescription{C::PinWrong, "B-626", kNone, N::CorrectInput,
                    ENROLL_TEXT("ErrorCatalog", "This is not the right PIN."),
                    ENROLL_TEXT("ErrorCatalog", "Enter your PIN again.")},
    CodeDescription{C::PinLocked, "B-627", kNone, N::WaitAndRetry,
                    ENROLL_TEXT("ErrorCatalog", "Too many wrong PINs were entered."),
                    ENROLL_TEXT("ErrorCatalog", "Wait until the time shown is over. Then enter your PIN again.")},
    CodeDescription{C::SessionLocked, "B-628", kNone, N::ScanAgain,
                    ENROLL_TEXT("ErrorCatalog", "The station is locked."),
                    ENROLL_TEXT("ErrorCatalog", "Scan your badge. Then do it again.")},
    CodeDescription{C::PinMissing, "B-629", kNone, N::CorrectInput, ENROLL_TEXT("ErrorCatalog", "A PIN is asked for."),
                    ENROLL_TEXT("ErrorCatalog", "Enter your PIN. Then do it again.")},
    CodeDescription{C::AdministratorMissing, "B-630", kNone, N::Nothing,
                    ENROLL_TEXT("ErrorCatalog", "Only an administrator may do this."),
                    ENROLL_TEXT("ErrorCatalog", "Nothing was changed. An administrator signs in first.")},
    CodeDescription{C::NoDeviceSaysSerial, "B-631", kNone, N::ScanAgain,
                    ENROLL_TEXT("ErrorCatalog", "No device says that it is %1."),
                    ENROLL_TEXT("ErrorCatalog", "Put its device in. Scan it when a slot shows this serial number.")},
    CodeDescription{C::DeviceSaysOther, "B-632", kNone, N::ScanAgain,
                    ENROLL_TEXT("ErrorCatalog", "The device in the chosen slot says that it is %1."),
                    ENROLL_TEXT("ErrorCatalog", "Nothing was taken. Scan the label of the device in that slot.")},
    CodeDescription{C::TwoDevicesSaySerial, "B-633", kNone, N::ScanAgain,
                    ENROLL_TEXT("ErrorCatalog", "Two devices say that they are %1."),
                    ENROLL_TEXT("ErrorCatalog", "Take both out and compare their labels. Put one in, then scan it.")},
    CodeDescription{
        C::OtherResultInSlot, "B-634", kNone, N::ScanAgain,
        ENROLL_TEXT("ErrorCatalog", "The slot of %1 shows the result of another device."),
        ENROLL_TEXT("ErrorCatalog", "To test this one: the label of its slot (or F2 and its number), then scan it.")},
    CodeDescription{C::NoClearAnswer, "B-635", kNone, N::WaitAndRetry,
                    ENROLL_TEXT("ErrorCatalog", "The device in slot %1 does not answer as it should."),
                    ENROLL_TEXT("ErrorCatalog", "Wait for it to start. If this stays: take it out, call maintenance.")},
    CodeDescription{
        C::ScanCutOff, "B-641", kNone, N::ScanAgain,
        ENROLL_TEXT("ErrorCatalog", "The scanner sent a part of a barcode."),
        ENROLL_TEXT("ErrorCatalog", "Nothing was taken. Scan again. Call maintenance if it happens often.")},
};
static_assert(rowsAgree(kRows, kAllScanCodes, CodeFamily::Scan), "one row a code, in the order of the numbers");

} // namespace

std::span<const CodeDescription> code_table::scanRows() noexcept
{
    return kRows;
}

} // namespace enroll
