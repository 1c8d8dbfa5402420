#include "core/base/station_code.h"

#include "core/base/code_table.h"

namespace enroll {
namespace {

using C = StationCode;
using N = NextStep;
using namespace code_table;

constexpr std::array kRows{
    CodeDescription{C::JournalCannotSave, "S-301", kStation, N::CallTechnician,
                    ENROLL_TEXT("ErrorCatalog", "The station cannot save. Testing stopped."),
                    ENROLL_TEXT("ErrorCatalog", "Call maintenance. Devices in slots are not recorded.")},
    CodeDescription{C::JournalBusy, "S-302", kStation, N::WaitAndRetry,
                    ENROLL_TEXT("ErrorCatalog", "Another program holds the station's journal."),
                    ENROLL_TEXT("ErrorCatalog", "Close the other program, test again.")},
    CodeDescription{C::JournalAltered, "S-303", kStation, N::CallQuality,
                    ENROLL_TEXT("ErrorCatalog", "The journal was altered."),
                    ENROLL_TEXT("ErrorCatalog", "Stop testing. Call Quality with the entry that is named.")},
    CodeDescription{C::StationCannotReachPort, "S-321", kStation, N::CallTechnician,
                    ENROLL_TEXT("ErrorCatalog", "The station cannot open the device's connection."),
                    ENROLL_TEXT("ErrorCatalog", "Keep the device, use another slot. Call maintenance.")},
    CodeDescription{C::ConfigurationInvalid, "S-330", kStation, N::CallIt,
                    ENROLL_TEXT("ErrorCatalog", "The station's configuration is wrong."),
                    ENROLL_TEXT("ErrorCatalog", "IT: correct the line that is named.")},
    CodeDescription{C::UsageInvalid, "S-331", kStation, N::CorrectInput,
                    ENROLL_TEXT("ErrorCatalog", "This command is used wrongly."),
                    ENROLL_TEXT("ErrorCatalog", "Read --help and correct the part that is named.")},
    CodeDescription{C::InputInvalid, "S-332", kStation, N::CorrectInput,
                    ENROLL_TEXT("ErrorCatalog", "The input cannot be used."),
                    ENROLL_TEXT("ErrorCatalog", "Correct the part that is named, try again.")},
    CodeDescription{C::CryptoFailed, "S-340", kStation, N::CallTechnician,
                    ENROLL_TEXT("ErrorCatalog", "The station's cryptography failed."),
                    ENROLL_TEXT("ErrorCatalog", "Keep the device. Call maintenance.")},
    CodeDescription{C::InternalFault, "S-399", kStation, N::CallTechnician,
                    ENROLL_TEXT("ErrorCatalog", "The station met a fault of its own."),
                    ENROLL_TEXT("ErrorCatalog", "Keep the device. Call maintenance with the log.")},
};
static_assert(rowsAgree(kRows, kAllStationCodes, CodeFamily::Station), "one row a code, in the order of the numbers");

} // namespace

std::span<const CodeDescription> code_table::stationRows() noexcept
{
    return kRows;
}

} // namespace enroll
