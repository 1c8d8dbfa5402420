#include "core/base/cloud_code.h"

#include "core/base/code_table.h"

namespace enroll {
namespace {

using C = CloudCode;
using N = NextStep;
using namespace code_table;

constexpr std::array kRows{
    CodeDescription{
        C::RefusedRequest, "U-400", kNone, N::CallIt, ENROLL_TEXT("ErrorCatalog", "The cloud refused this record."),
        ENROLL_TEXT("ErrorCatalog", "Nothing for the line. IT: read the reason and correct the record's settings.")},
    CodeDescription{C::RefusedSignIn, "U-401", kNone, N::CallIt,
                    ENROLL_TEXT("ErrorCatalog", "The cloud refused our sign-in. Records are safe."),
                    ENROLL_TEXT("ErrorCatalog", "Keep working. IT: renew the station sign-in key.")},
    CodeDescription{C::Forbids, "U-403", kNone, N::CallIt, ENROLL_TEXT("ErrorCatalog", "Our sign-in may not do this."),
                    ENROLL_TEXT("ErrorCatalog", "Keep working. IT: give the station's policy the missing right.")},
    CodeDescription{C::DoesNotKnowId, "U-404", kNone, N::CallQuality,
                    ENROLL_TEXT("ErrorCatalog", "The cloud does not know this registration id."),
                    ENROLL_TEXT("ErrorCatalog", "Quality: check that the record was accepted.")},
    CodeDescription{C::HasOtherKey, "U-409", kNone, N::CallQuality,
                    ENROLL_TEXT("ErrorCatalog", "This id is already enrolled for another device."),
                    ENROLL_TEXT("ErrorCatalog", "Nothing for the line. Quality: find out which device has this id.")},
    CodeDescription{
        C::HoldsOtherSettings, "U-410", kNone, N::CallIt,
        ENROLL_TEXT("ErrorCatalog", "The cloud holds this device with other settings."),
        ENROLL_TEXT("ErrorCatalog", "Nothing for the line. IT: correct or delete the cloud's entry, then send again.")},
    CodeDescription{C::EkDiffers, "U-411", kNone, N::CallQuality,
                    ENROLL_TEXT("ErrorCatalog", "The cloud has another endorsement key for this id."),
                    ENROLL_TEXT("ErrorCatalog", "Quality: compare the device's key with the record.")},
    CodeDescription{C::EnrollmentDisabled, "U-412", kNone, N::CallIt,
                    ENROLL_TEXT("ErrorCatalog", "This enrollment is disabled in the cloud."),
                    ENROLL_TEXT("ErrorCatalog", "IT: enable the enrollment, then start again.")},
    CodeDescription{C::RefusedSignature, "U-413", kNone, N::TestAgain,
                    ENROLL_TEXT("ErrorCatalog", "The cloud refused the device's signature."),
                    ENROLL_TEXT("ErrorCatalog", "Test again. Second time: Quality.")},
    CodeDescription{C::UnknownIdScope, "U-414", kNone, N::CallIt,
                    ENROLL_TEXT("ErrorCatalog", "The cloud does not know this id scope."),
                    ENROLL_TEXT("ErrorCatalog", "IT: compare the id scope with the provisioning service's.")},
    CodeDescription{C::ProvisioningFailed, "U-415", kNone, N::CallIt,
                    ENROLL_TEXT("ErrorCatalog", "The cloud could not assign a hub."),
                    ENROLL_TEXT("ErrorCatalog", "IT: check the enrollment's hubs.")},
    CodeDescription{
        C::RefusesAll, "U-416", kNone, N::CallIt,
        ENROLL_TEXT("ErrorCatalog", "The cloud refuses records. Records are safe."),
        ENROLL_TEXT("ErrorCatalog",
                    "Keep working. IT: read the reason; mend it at the service, or set the records aside.")},
    CodeDescription{
        C::ChallengeUnusable, "U-417", kNone, N::TestAgain,
        ENROLL_TEXT("ErrorCatalog", "The cloud's challenge is damaged or for another device."),
        ENROLL_TEXT("ErrorCatalog", "Switch the device off and on and register it again. Second time: call IT.")},
    CodeDescription{C::Busy, "U-429", kNone, N::WaitAndRetry,
                    ENROLL_TEXT("ErrorCatalog", "The cloud is busy. Records are safe."),
                    ENROLL_TEXT("ErrorCatalog", "Keep working. Nothing is lost.")},
    CodeDescription{C::AsksForLongWait, "U-430", kNone, N::WaitAndRetry,
                    ENROLL_TEXT("ErrorCatalog", "The cloud asks to be left alone for long. Records are safe."),
                    ENROLL_TEXT("ErrorCatalog", "Keep working. Start the upload again at the time that is named.")},
    CodeDescription{C::CertificateInvalid, "U-495", kNone, N::CallIt,
                    ENROLL_TEXT("ErrorCatalog", "The cloud's certificate cannot be verified."),
                    ENROLL_TEXT("ErrorCatalog", "IT: check the address and the trusted CA file.")},
    CodeDescription{C::Fault, "U-500", kNone, N::WaitAndRetry,
                    ENROLL_TEXT("ErrorCatalog", "The cloud has a fault. Records are safe."),
                    ENROLL_TEXT("ErrorCatalog", "Keep working. Nothing is lost.")},
    CodeDescription{C::AnswerMalformed, "U-502", kNone, N::CallIt,
                    ENROLL_TEXT("ErrorCatalog", "The cloud's answer cannot be understood."),
                    ENROLL_TEXT("ErrorCatalog", "IT: check that the address is a provisioning service.")},
    CodeDescription{C::Unreachable, "U-503", kNone, N::WaitAndRetry,
                    ENROLL_TEXT("ErrorCatalog", "No connection to the cloud."),
                    ENROLL_TEXT("ErrorCatalog", "Keep working. Nothing is lost.")},
    CodeDescription{C::TimedOut, "U-504", kNone, N::WaitAndRetry,
                    ENROLL_TEXT("ErrorCatalog", "The cloud did not answer in time."),
                    ENROLL_TEXT("ErrorCatalog", "Keep working. Nothing is lost.")},
};
static_assert(rowsAgree(kRows, kAllCloudCodes, CodeFamily::Cloud), "one row a code, in the order of the numbers");

} // namespace

std::span<const CodeDescription> code_table::cloudRows() noexcept
{
    return kRows;
}

} // namespace enroll
