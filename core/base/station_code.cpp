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
                    ENROLL_TEXT("ErrorCatalog", "The journal was altered or lost."),
                    ENROLL_TEXT("ErrorCatalog", "Stop testing. Call Quality with what is named.")},
    CodeDescription{C::JournalNewer, "S-304", kStation, N::CallIt,
                    ENROLL_TEXT("ErrorCatalog", "The journal holds what this version does not understand."),
                    ENROLL_TEXT("ErrorCatalog", "Nothing is lost. IT: install the newer version of this program.")},
    CodeDescription{C::SelfCheckOverdue, "S-305", kStation, N::CallTechnician,
                    ENROLL_TEXT("ErrorCatalog", "The station's check of itself is overdue. Testing stopped."),
                    ENROLL_TEXT("ErrorCatalog", "Press F6. Call maintenance if the check does not pass.")},
    CodeDescription{C::SelfCheckFailed, "S-306", kStation, N::CallQuality,
                    ENROLL_TEXT("ErrorCatalog", "The station did not pass its check of itself. Testing stopped."),
                    ENROLL_TEXT("ErrorCatalog", "Keep the devices. Call Quality: results since the last good check.")},
    CodeDescription{C::StationCannotReachPort, "S-321", kStation, N::CallTechnician,
                    ENROLL_TEXT("ErrorCatalog", "The station cannot open the device's connection."),
                    ENROLL_TEXT("ErrorCatalog", "Keep the device, use another slot. Call maintenance.")},
    CodeDescription{C::ConfigurationInvalid, "S-330", kStation, N::CallIt,
                    ENROLL_TEXT("ErrorCatalog", "The station's configuration is wrong."),
                    ENROLL_TEXT("ErrorCatalog", "IT: correct what is named, then start again.")},
    CodeDescription{C::UsageInvalid, "S-331", kStation, N::CorrectInput,
                    ENROLL_TEXT("ErrorCatalog", "This command is used wrongly."),
                    ENROLL_TEXT("ErrorCatalog", "Read --help and correct the part that is named.")},
    CodeDescription{C::RetiredInputInvalid, "S-332", kStation, N::CorrectInput,
                    ENROLL_TEXT("ErrorCatalog", "The input cannot be used."),
                    ENROLL_TEXT("ErrorCatalog", "Correct the part that is named, try again.")},
    CodeDescription{C::FileUnusable, "S-333", kStation, N::CorrectInput,
                    ENROLL_TEXT("ErrorCatalog", "A file or folder cannot be used."),
                    ENROLL_TEXT("ErrorCatalog", "Correct the file that is named, or name another one.")},
    CodeDescription{C::DocumentMalformed, "S-334", kStation, N::CorrectInput,
                    ENROLL_TEXT("ErrorCatalog", "A document does not have the form that is expected."),
                    ENROLL_TEXT("ErrorCatalog", "Correct the member of the document that is named.")},
    CodeDescription{C::EncodingMalformed, "S-335", kStation, N::CorrectInput,
                    ENROLL_TEXT("ErrorCatalog", "A text is not encoded as expected."),
                    ENROLL_TEXT("ErrorCatalog", "Copy the whole text again from where it comes from.")},
    CodeDescription{C::TimeMalformed, "S-336", kStation, N::CorrectInput,
                    ENROLL_TEXT("ErrorCatalog", "A date or time cannot be read."),
                    ENROLL_TEXT("ErrorCatalog", "Write it like 2026-11-23T20:14:03Z.")},
    CodeDescription{C::KeyMaterialUnusable, "S-337", kStation, N::CorrectInput,
                    ENROLL_TEXT("ErrorCatalog", "A key or certificate cannot be used."),
                    ENROLL_TEXT("ErrorCatalog", "Get the key or certificate again from who issued it.")},
    CodeDescription{C::NameNotAllowed, "S-338", kStation, N::CorrectInput,
                    ENROLL_TEXT("ErrorCatalog", "An id or serial number is not allowed."),
                    ENROLL_TEXT("ErrorCatalog", "Correct the character or length that is named.")},
    CodeDescription{C::NothingFound, "S-339", kStation, N::CallIt,
                    ENROLL_TEXT("ErrorCatalog", "What was asked for does not exist."),
                    ENROLL_TEXT("ErrorCatalog", "Keep any device. IT: check what is named, or make it first.")},
    CodeDescription{C::CryptoFailed, "S-340", kStation, N::CallTechnician,
                    ENROLL_TEXT("ErrorCatalog", "The station's cryptography failed."),
                    ENROLL_TEXT("ErrorCatalog", "Keep the device. Call maintenance.")},
    CodeDescription{C::ClockWrong, "S-341", kStation, N::CallIt,
                    ENROLL_TEXT("ErrorCatalog", "The station's clock is wrong. Testing stopped."),
                    ENROLL_TEXT("ErrorCatalog", "Keep the device. IT: set the station's clock.")},
    CodeDescription{
        C::ScannerLost, "S-342", kStation, N::CallTechnician,
        ENROLL_TEXT("ErrorCatalog", "The station's scanner does not answer."),
        ENROLL_TEXT("ErrorCatalog", "Connect the scanner again, or type. Call maintenance if it stays away.")},
    CodeDescription{
        C::PeerNotOfPlant, "S-343", kStation, N::CallIt,
        ENROLL_TEXT("ErrorCatalog", "The device's agent cannot prove that it is this plant's."),
        ENROLL_TEXT("ErrorCatalog", "Keep the device. IT: compare the agent's certificate with the station's.")},
    CodeDescription{C::PeerCertificateOutOfDate, "S-344", kStation, N::CallIt,
                    ENROLL_TEXT("ErrorCatalog", "The certificate of the device's agent is not valid today."),
                    ENROLL_TEXT("ErrorCatalog", "Keep the device. IT: renew the certificate, or set the clock.")},
    CodeDescription{
        C::PeerRefusesCertificate, "S-345", kStation, N::CallIt,
        ENROLL_TEXT("ErrorCatalog", "The device's agent refuses this station's certificate."),
        ENROLL_TEXT("ErrorCatalog", "Keep the device. IT: check the station's certificate, and both clocks.")},
    CodeDescription{C::PeerSpeaksOtherwise, "S-346", kStation, N::CallIt,
                    ENROLL_TEXT("ErrorCatalog", "What is at the device's address makes no TLS 1.3 connection."),
                    ENROLL_TEXT("ErrorCatalog", "Keep the device, test again. IT: check the address and its agent.")},
    CodeDescription{C::TrustUnreadable, "S-347", kStation, N::CallIt,
                    ENROLL_TEXT("ErrorCatalog", "The trusted authorities cannot be read: %1."),
                    ENROLL_TEXT("ErrorCatalog", "Keep the device. IT: mend the file that is named.")},
    CodeDescription{C::TrustBusy, "S-348", kStation, N::WaitAndRetry,
                    ENROLL_TEXT("ErrorCatalog", "Another program is changing the trusted authorities."),
                    ENROLL_TEXT("ErrorCatalog", "Keep the device. Start the test again in a minute.")},
    CodeDescription{C::HostKeyUnknown, "S-349", kStation, N::CallIt,
                    ENROLL_TEXT("ErrorCatalog", "This station does not know the device's host key."),
                    ENROLL_TEXT("ErrorCatalog", "Keep the device. IT: add its host key to the station's known ones.")},
    CodeDescription{
        C::HostKeyChanged, "S-350", kStation, N::CallIt,
        ENROLL_TEXT("ErrorCatalog", "The device shows another host key than the known one."),
        ENROLL_TEXT("ErrorCatalog", "Keep the device. IT: find out why, before the known key is replaced.")},
    CodeDescription{C::LoginRefused, "S-351", kStation, N::CallIt,
                    ENROLL_TEXT("ErrorCatalog", "The device refuses this station's login."),
                    ENROLL_TEXT("ErrorCatalog", "Keep the device. IT: check the station's key and the account there.")},
    CodeDescription{
        C::RelayMissing, "S-352", kStation, N::CallIt,
        ENROLL_TEXT("ErrorCatalog", "No program on the device can lend its TPM."),
        ENROLL_TEXT("ErrorCatalog", "Keep the device. IT: check the relay there, its account and the command.")},
    CodeDescription{
        C::LoginImpossible, "S-353", kStation, N::CallIt,
        ENROLL_TEXT("ErrorCatalog", "The device's SSH login failed, or its line broke."),
        ENROLL_TEXT("ErrorCatalog", "Keep the device, test again. IT: check the address, its server and a jump host.")},
    CodeDescription{
        C::TextBeforeAnswer, "S-354", kStation, N::CallIt,
        ENROLL_TEXT("ErrorCatalog", "The device's login prints text where its TPM should answer."),
        ENROLL_TEXT("ErrorCatalog", "Keep the device. IT: silence what the login prints, or correct the command.")},
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
