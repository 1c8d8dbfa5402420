#include "core/base/error_code.h"

#include <algorithm>
#include <array>

namespace enroll {
namespace {

using C = ErrorCode;
using N = NextStep;
constexpr auto kNone = std::optional<Outcome>{};
constexpr auto kFail = std::optional{Outcome::Fail};
constexpr auto kHold = std::optional{Outcome::Hold};
constexpr auto kStation = std::optional{Outcome::StationFault};
constexpr auto kAborted = std::optional{Outcome::Aborted};

constexpr std::array kCatalog{
    CodeDescription{C::NoTpmAnswers, "D-101", kFail, N::ReseatDevice, "No TPM answers.",
                    "Reseat the device, close the lid. Second time: RED bin."},
    CodeDescription{C::TpmTimedOut, "D-102", kFail, N::ReseatDevice, "The TPM stopped answering.",
                    "Reseat the device, close the lid. Second time: RED bin."},
    CodeDescription{C::TpmResponseMalformed, "D-103", kFail, N::ReseatDevice,
                    "The TPM sent an answer that breaks the rules.",
                    "Reseat the device and test again. Second time: RED bin."},
    CodeDescription{C::TpmSelfTestFailed, "D-104", kFail, N::RedBin, "The TPM self-test failed.", "RED bin."},
    CodeDescription{C::TpmResponseTruncated, "D-105", kFail, N::ReseatDevice, "The TPM's answer broke off.",
                    "Reseat the device and test again. Second time: RED bin."},
    CodeDescription{C::TpmResponseOversized, "D-106", kFail, N::ReseatDevice,
                    "The TPM sent an answer that is too long.",
                    "Reseat the device and test again. Second time: RED bin."},
    CodeDescription{C::TpmStaysBusy, "D-108", kFail, N::TestAgain, "The TPM stays busy.",
                    "Wait ten seconds, test again. Second time: RED bin."},
    CodeDescription{C::TpmRefusedCommand, "D-109", kFail, N::TestAgain, "The TPM refused a command.",
                    "Test again. Second time: RED bin."},
    CodeDescription{C::TpmResourcesExhausted, "D-111", kFail, N::TestAgain, "The TPM has no free memory.",
                    "Switch the device off and on, test again. Second time: RED bin."},
    CodeDescription{C::TpmHierarchyLocked, "D-112", kHold, N::HoldShelf, "This TPM has a password set.",
                    "HOLD shelf. Quality: find out who provisioned it before."},
    CodeDescription{C::EndorsementKeyUnusable, "D-113", kFail, N::RedBin, "This TPM has no usable endorsement key.",
                    "RED bin. Tell Quality the vendor and firmware."},
    CodeDescription{C::StorageRootKeyUnusable, "D-114", kFail, N::RedBin, "This TPM has no usable storage root key.",
                    "RED bin. Tell Quality the vendor and firmware."},
    CodeDescription{C::TpmLockedOut, "D-118", kHold, N::HoldShelf, "The TPM is locked out.",
                    "Do not retry. HOLD shelf. Quality can reset it."},
    CodeDescription{C::EkCertificateInvalid, "D-120", kHold, N::HoldShelf, "The EK certificate is not valid.",
                    "HOLD shelf. Tell Quality: the certificate may be forged."},
    CodeDescription{C::EkCertificateMissing, "D-121", kHold, N::HoldShelf, "This TPM has no EK certificate.",
                    "HOLD shelf. Quality: does the profile allow it?"},
    CodeDescription{C::EkCertificateUntrusted, "D-122", kHold, N::HoldShelf,
                    "The EK certificate has an unknown issuer.", "HOLD shelf. Quality: compare with the trust bundle."},
    CodeDescription{C::EkCertificateWrongKey, "D-123", kHold, N::HoldShelf,
                    "The EK certificate does not match the key.",
                    "HOLD shelf. Quality: check the EK template in the TPM tab."},
    CodeDescription{C::EkCertificateMalformed, "D-124", kHold, N::HoldShelf, "The EK certificate cannot be read.",
                    "HOLD shelf. Quality: look at its bytes in the TPM tab."},
    CodeDescription{C::EkCertificateExpired, "D-125", kHold, N::HoldShelf, "The EK certificate is not valid today.",
                    "HOLD shelf. Quality: does the profile allow it?"},
    CodeDescription{C::SoftwareTpmRefused, "D-126", kFail, N::RedBin, "This is a software TPM.",
                    "RED bin. Quality: the profile allows hardware TPMs only."},
    CodeDescription{C::FirmwareBlocked, "D-127", kFail, N::RedBin, "This TPM firmware is blocked.",
                    "RED bin for firmware update."},
    CodeDescription{C::WeakKey, "D-128", kFail, N::RedBin, "The TPM made a weak key.",
                    "RED bin. Tell Quality the vendor and firmware."},
    CodeDescription{C::ManufacturerNotAllowed, "D-129", kHold, N::HoldShelf, "This TPM's maker is not in the profile.",
                    "HOLD shelf. Quality: compare with the bill of materials."},
    CodeDescription{C::AttestationWrong, "D-130", kFail, N::TestAgain, "Test attestation is wrong.",
                    "First time: test again. Second time: RED bin."},
    CodeDescription{C::ActivationRefused, "D-131", kFail, N::RedBin, "The TPM could not open its challenge.",
                    "Set the device aside. RED bin."},
    CodeDescription{C::DeviceRemoved, "D-140", kAborted, N::ScanAgain, "The device was removed during the test.",
                    "Put it back, close the lid, scan again."},
    CodeDescription{C::Cancelled, "D-141", kAborted, N::TestAgain, "The test was stopped.",
                    "Start it again when ready."},
    CodeDescription{C::EkEnrolledElsewhere, "H-201", kHold, N::CallQuality, "This TPM is already enrolled as {}.",
                    "HOLD shelf for both devices. Call Quality."},
    CodeDescription{C::SerialHasOtherEk, "H-202", kHold, N::ScanAgain, "{} was already enrolled with another TPM.",
                    "Scan the label again. After repair: scan the Rework card."},
    CodeDescription{C::NotASerialNumber, "B-601", kNone, N::ScanAgain, "This barcode is not a serial number.",
                    "Scan the label under the device."},
    CodeDescription{C::SerialAlreadyInSlot, "B-602", kNone, N::ScanAgain, "{} is already in another slot.",
                    "Take the right device, scan its label."},
    CodeDescription{C::NoFreeSlot, "B-604", kNone, N::WaitAndRetry, "Every slot is busy.",
                    "Wait for a result, then scan again."},
    CodeDescription{C::JournalCannotSave, "S-301", kStation, N::CallTechnician,
                    "The station cannot save. Testing stopped.",
                    "Call maintenance. Devices in slots are not recorded."},
    CodeDescription{C::JournalBusy, "S-302", kStation, N::WaitAndRetry, "Another program holds the station's journal.",
                    "Close the other program, test again."},
    CodeDescription{C::JournalAltered, "S-303", kStation, N::CallQuality, "The journal was altered.",
                    "Stop testing. Call Quality with the entry that is named."},
    CodeDescription{C::StationCannotReachPort, "S-321", kStation, N::CallTechnician,
                    "The station cannot open the device's connection.",
                    "Keep the device, use another slot. Call maintenance."},
    CodeDescription{C::ConfigurationInvalid, "S-330", kStation, N::CallIt, "The station's configuration is wrong.",
                    "IT: correct the line that is named."},
    CodeDescription{C::UsageInvalid, "S-331", kStation, N::CorrectInput, "This command is used wrongly.",
                    "Read --help and correct the part that is named."},
    CodeDescription{C::InputInvalid, "S-332", kStation, N::CorrectInput, "The input cannot be used.",
                    "Correct the part that is named, try again."},
    CodeDescription{C::CryptoFailed, "S-340", kStation, N::CallTechnician, "The station's cryptography failed.",
                    "Keep the device. Call maintenance."},
    CodeDescription{C::InternalFault, "S-399", kStation, N::CallTechnician, "The station met a fault of its own.",
                    "Keep the device. Call maintenance with the log."},
    CodeDescription{C::CloudRefusedRequest, "U-400", kNone, N::CallIt, "The cloud refused this record.",
                    "Nothing for the line. IT: read the reason and correct the record's settings."},
    CodeDescription{C::CloudRefusedSignIn, "U-401", kNone, N::CallIt,
                    "The cloud refused our sign-in. Records are safe.",
                    "Keep working. IT: renew the station sign-in key."},
    CodeDescription{C::CloudForbids, "U-403", kNone, N::CallIt, "Our sign-in may not do this.",
                    "Keep working. IT: give the station's policy the missing right."},
    CodeDescription{C::CloudDoesNotKnowId, "U-404", kNone, N::CallQuality,
                    "The cloud does not know this registration id.", "Quality: check that the record was accepted."},
    CodeDescription{C::CloudHasOtherKey, "U-409", kNone, N::CallQuality,
                    "This id is already enrolled for another device.",
                    "Nothing for the line. Quality: open Duplicates."},
    CodeDescription{C::CloudEkDiffers, "U-411", kNone, N::CallQuality,
                    "The cloud has another endorsement key for this id.",
                    "Quality: compare the device's key with the record."},
    CodeDescription{C::CloudEnrollmentDisabled, "U-412", kNone, N::CallIt, "This enrollment is disabled in the cloud.",
                    "IT: enable the enrollment, then start again."},
    CodeDescription{C::CloudRefusedSignature, "U-413", kNone, N::TestAgain, "The cloud refused the device's signature.",
                    "Test again. Second time: Quality."},
    CodeDescription{C::CloudUnknownIdScope, "U-414", kNone, N::CallIt, "The cloud does not know this id scope.",
                    "IT: compare the id scope with the provisioning service's."},
    CodeDescription{C::CloudProvisioningFailed, "U-415", kNone, N::CallIt, "The cloud could not assign a hub.",
                    "IT: check the enrollment's hubs."},
    CodeDescription{C::CloudBusy, "U-429", kNone, N::WaitAndRetry, "The cloud is busy. Sending continues by itself.",
                    "Nothing to do."},
    CodeDescription{C::CloudCertificateInvalid, "U-495", kNone, N::CallIt,
                    "The cloud's certificate cannot be verified.", "IT: check the address and the trusted CA file."},
    CodeDescription{C::CloudFault, "U-500", kNone, N::WaitAndRetry, "The cloud has a fault. Records are safe.",
                    "Keep working. Sending is tried again."},
    CodeDescription{C::CloudAnswerMalformed, "U-502", kNone, N::CallIt, "The cloud's answer cannot be understood.",
                    "IT: check that the address is a provisioning service."},
    CodeDescription{C::CloudUnreachable, "U-503", kNone, N::WaitAndRetry, "No connection to the cloud.",
                    "Keep working. Records wait here."},
    CodeDescription{C::CloudTimedOut, "U-504", kNone, N::WaitAndRetry, "The cloud did not answer in time.",
                    "Keep working. Records wait here."},
};

} // namespace

const CodeDescription& describe(ErrorCode code) noexcept
{
    return kCatalog[static_cast<std::size_t>(code)];
}

std::optional<ErrorCode> errorCodeFromText(std::string_view text) noexcept
{
    const auto* row = std::ranges::find(kCatalog, text, &CodeDescription::text);
    return row == kCatalog.end() ? std::nullopt : std::optional{row->code};
}

std::span<const CodeDescription> allCodes() noexcept
{
    return kCatalog;
}

std::string_view outcomeText(Outcome outcome) noexcept
{
    switch (outcome) {
    case Outcome::Pass:
        return "pass";
    case Outcome::Fail:
        return "fail";
    case Outcome::Hold:
        return "hold";
    case Outcome::StationFault:
        return "station-fault";
    case Outcome::Aborted:
        return "aborted";
    }
    return "station-fault";
}

} // namespace enroll
