#include "core/base/hold_code.h"

#include "core/base/code_table.h"

namespace enroll {
namespace {

using C = HoldCode;
using N = NextStep;
using namespace code_table;

constexpr std::array kRows{
    CodeDescription{C::EkEnrolledElsewhere, "H-201", kHold, N::CallQuality,
                    ENROLL_TEXT("ErrorCatalog", "This TPM is already enrolled as %1."),
                    ENROLL_TEXT("ErrorCatalog", "HOLD shelf. Quality: find the other device.")},
    CodeDescription{C::SerialHasOtherEk, "H-202", kHold, N::ScanAgain,
                    ENROLL_TEXT("ErrorCatalog", "%1 was already enrolled with another TPM."),
                    ENROLL_TEXT("ErrorCatalog", "Scan its label again. Second time: HOLD shelf, call Quality.")},
    CodeDescription{
        C::RegistrationIdTaken, "H-203", kHold, N::CallQuality,
        ENROLL_TEXT("ErrorCatalog", "The registration id of this device is already that of %1."),
        ENROLL_TEXT("ErrorCatalog", "HOLD shelf. Call Quality: capital and small letters make no difference.")},
    CodeDescription{C::EnrolledOtherwise, "H-204", kHold, N::CallQuality,
                    ENROLL_TEXT("ErrorCatalog", "This device is already enrolled with other settings."),
                    ENROLL_TEXT("ErrorCatalog", "HOLD shelf. Call Quality: its profile has changed since.")},
    CodeDescription{C::TpmEnrolledElsewhere, "H-205", kHold, N::CallQuality,
                    ENROLL_TEXT("ErrorCatalog", "This TPM is already enrolled as %1, with another key."),
                    ENROLL_TEXT("ErrorCatalog", "HOLD shelf. Quality: find the other device.")},
    CodeDescription{C::EkReadElsewhere, "H-206", kHold, N::ScanAgain,
                    ENROLL_TEXT("ErrorCatalog", "This TPM was just tested as %1."),
                    ENROLL_TEXT("ErrorCatalog", "Read the label on this device, and scan it again.")},
    CodeDescription{C::OtherDeviceThanStopped, "H-207", kHold, N::ScanAgain,
                    ENROLL_TEXT("ErrorCatalog", "This is not the device whose test was stopped."),
                    ENROLL_TEXT("ErrorCatalog", "Read the label on this device, and scan it again.")},
};
static_assert(rowsAgree(kRows, kAllHoldCodes, CodeFamily::Hold), "one row a code, in the order of the numbers");

} // namespace

std::span<const CodeDescription> code_table::holdRows() noexcept
{
    return kRows;
}

} // namespace enroll
