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
                    ENROLL_TEXT("ErrorCatalog", "HOLD shelf for both devices. Call Quality.")},
    CodeDescription{C::SerialHasOtherEk, "H-202", kHold, N::ScanAgain,
                    ENROLL_TEXT("ErrorCatalog", "%1 was already enrolled with another TPM."),
                    ENROLL_TEXT("ErrorCatalog", "Scan its label again. Second time: HOLD shelf, call Quality.")},
};
static_assert(rowsAgree(kRows, kAllHoldCodes, CodeFamily::Hold), "one row a code, in the order of the numbers");

} // namespace

std::span<const CodeDescription> code_table::holdRows() noexcept
{
    return kRows;
}

} // namespace enroll
