#include "core/base/service_code.h"

#include "core/base/code_table.h"

namespace enroll {
namespace {

using C = ServiceCode;
using N = NextStep;
using namespace code_table;

constexpr std::array kRows{
    CodeDescription{C::ListCannotSave, "P-701", kNone, N::CallIt,
                    ENROLL_TEXT("ErrorCatalog", "The provisioning service cannot save its enrollment list."),
                    ENROLL_TEXT("ErrorCatalog", "IT: check room and rights on the service's data directory.")},
    CodeDescription{C::Busy, "P-702", kNone, N::WaitAndRetry,
                    ENROLL_TEXT("ErrorCatalog", "Another program holds the provisioning service's files."),
                    ENROLL_TEXT("ErrorCatalog", "Wait for the other program to finish, then start again.")},
    CodeDescription{C::ListDamaged, "P-703", kNone, N::CallIt,
                    ENROLL_TEXT("ErrorCatalog", "The provisioning service's enrollment list is damaged."),
                    ENROLL_TEXT("ErrorCatalog", "IT: restore the service's data directory from a backup.")},
    CodeDescription{C::ListTooNew, "P-704", kNone, N::CallIt,
                    ENROLL_TEXT("ErrorCatalog", "A newer version made this enrollment list."),
                    ENROLL_TEXT("ErrorCatalog", "IT: install the newer version of the service.")},
    CodeDescription{C::FileUnusable, "P-711", kNone, N::CallIt,
                    ENROLL_TEXT("ErrorCatalog", "A file of the provisioning service cannot be used."),
                    ENROLL_TEXT("ErrorCatalog", "IT: correct the file that is named, then start the service.")},
    CodeDescription{C::CannotListen, "P-712", kNone, N::CallIt,
                    ENROLL_TEXT("ErrorCatalog", "The provisioning service cannot listen at its address."),
                    ENROLL_TEXT("ErrorCatalog", "IT: free the address or give --listen another one.")},
};
static_assert(rowsAgree(kRows, kAllServiceCodes, CodeFamily::Service), "one row a code, in the order of the numbers");

} // namespace

std::span<const CodeDescription> code_table::serviceRows() noexcept
{
    return kRows;
}

} // namespace enroll
