#include "core/base/device_code.h"

#include "core/base/code_table.h"

namespace enroll {
namespace {

using C = DeviceCode;
using N = NextStep;
using namespace code_table;

constexpr std::array kRows{
    CodeDescription{C::NoTpmAnswers, "D-101", kFail, N::ReseatDevice, ENROLL_TEXT("ErrorCatalog", "No TPM answers."),
                    ENROLL_TEXT("ErrorCatalog", "Reseat the device, close the lid. Second time: RED bin.")},
    CodeDescription{C::TpmTimedOut, "D-102", kFail, N::ReseatDevice,
                    ENROLL_TEXT("ErrorCatalog", "The TPM stopped answering."),
                    ENROLL_TEXT("ErrorCatalog", "Reseat the device, close the lid. Second time: RED bin.")},
    CodeDescription{C::TpmResponseMalformed, "D-103", kFail, N::ReseatDevice,
                    ENROLL_TEXT("ErrorCatalog", "The TPM sent an answer that breaks the rules."),
                    ENROLL_TEXT("ErrorCatalog", "Reseat the device and test again. Second time: RED bin.")},
    CodeDescription{C::TpmSelfTestFailed, "D-104", kFail, N::RedBin,
                    ENROLL_TEXT("ErrorCatalog", "The TPM self-test failed."), ENROLL_TEXT("ErrorCatalog", "RED bin.")},
    CodeDescription{C::TpmResponseTruncated, "D-105", kFail, N::ReseatDevice,
                    ENROLL_TEXT("ErrorCatalog", "The TPM's answer broke off."),
                    ENROLL_TEXT("ErrorCatalog", "Reseat the device and test again. Second time: RED bin.")},
    CodeDescription{C::TpmResponseOversized, "D-106", kFail, N::ReseatDevice,
                    ENROLL_TEXT("ErrorCatalog", "The TPM sent an answer that is too long."),
                    ENROLL_TEXT("ErrorCatalog", "Reseat the device and test again. Second time: RED bin.")},
    CodeDescription{C::TpmNotTested, "D-107", kHold, N::TestAgain,
                    ENROLL_TEXT("ErrorCatalog", "The TPM has not finished its self-test."),
                    ENROLL_TEXT("ErrorCatalog", "Switch the device off and on, test again. Second time: HOLD shelf.")},
    CodeDescription{C::TpmStaysBusy, "D-108", kFail, N::TestAgain, ENROLL_TEXT("ErrorCatalog", "The TPM stays busy."),
                    ENROLL_TEXT("ErrorCatalog", "Wait ten seconds, test again. Second time: RED bin.")},
    CodeDescription{C::TpmRefusedCommand, "D-109", kFail, N::TestAgain,
                    ENROLL_TEXT("ErrorCatalog", "The TPM refused a command."),
                    ENROLL_TEXT("ErrorCatalog", "Test again. Second time: RED bin.")},
    CodeDescription{
        C::TpmRestarted, "D-110", kHold, N::TestAgain,
        ENROLL_TEXT("ErrorCatalog", "The TPM was restarted during the test."),
        ENROLL_TEXT("ErrorCatalog", "Let the device start up and leave it on, test again. Second time: HOLD shelf.")},
    CodeDescription{C::TpmResourcesExhausted, "D-111", kFail, N::TestAgain,
                    ENROLL_TEXT("ErrorCatalog", "The TPM has no free memory."),
                    ENROLL_TEXT("ErrorCatalog", "Switch the device off and on, test again. Second time: RED bin.")},
    CodeDescription{C::TpmHierarchyLocked, "D-112", kHold, N::HoldShelf,
                    ENROLL_TEXT("ErrorCatalog", "This TPM has a password set."),
                    ENROLL_TEXT("ErrorCatalog", "HOLD shelf. Quality: find out who provisioned it before.")},
    CodeDescription{C::EndorsementKeyUnusable, "D-113", kFail, N::RedBin,
                    ENROLL_TEXT("ErrorCatalog", "This TPM has no usable endorsement key."),
                    ENROLL_TEXT("ErrorCatalog", "RED bin. Tell Quality the vendor and firmware.")},
    CodeDescription{C::StorageRootKeyUnusable, "D-114", kFail, N::RedBin,
                    ENROLL_TEXT("ErrorCatalog", "This TPM has no usable storage root key."),
                    ENROLL_TEXT("ErrorCatalog", "RED bin. Tell Quality the vendor and firmware.")},
    CodeDescription{
        C::HierarchyOff, "D-115", kHold, N::HoldShelf,
        ENROLL_TEXT("ErrorCatalog", "A part of this TPM is switched off."),
        ENROLL_TEXT("ErrorCatalog", "HOLD shelf. Quality: switch the TPM's hierarchies on in the firmware setup.")},
    CodeDescription{C::TpmNotStarted, "D-116", kHold, N::TestAgain,
                    ENROLL_TEXT("ErrorCatalog", "The device has not started its TPM."),
                    ENROLL_TEXT("ErrorCatalog", "Let the device start up, test again. Second time: HOLD shelf.")},
    CodeDescription{C::FirmwareUpdateUnfinished, "D-117", kHold, N::HoldShelf,
                    ENROLL_TEXT("ErrorCatalog", "A firmware update of this TPM was not finished."),
                    ENROLL_TEXT("ErrorCatalog", "HOLD shelf. Quality: finish the update.")},
    CodeDescription{C::TpmLockedOut, "D-118", kHold, N::HoldShelf,
                    ENROLL_TEXT("ErrorCatalog", "The TPM is locked out."),
                    ENROLL_TEXT("ErrorCatalog", "Do not retry. HOLD shelf. Quality can reset it.")},
    CodeDescription{C::TpmOfVersion12, "D-119", kFail, N::RedBin, ENROLL_TEXT("ErrorCatalog", "This is a TPM 1.2."),
                    ENROLL_TEXT("ErrorCatalog", "RED bin. Quality: only a TPM 2.0 can be enrolled.")},
    CodeDescription{C::EkCertificateInvalid, "D-120", kHold, N::HoldShelf,
                    ENROLL_TEXT("ErrorCatalog", "The EK certificate is not valid."),
                    ENROLL_TEXT("ErrorCatalog", "HOLD shelf. Tell Quality: the certificate may be forged.")},
    CodeDescription{C::EkCertificateMissing, "D-121", kHold, N::HoldShelf,
                    ENROLL_TEXT("ErrorCatalog", "This TPM has no EK certificate."),
                    ENROLL_TEXT("ErrorCatalog", "HOLD shelf. Quality: does the profile allow it?")},
    CodeDescription{C::EkCertificateUntrusted, "D-122", kHold, N::HoldShelf,
                    ENROLL_TEXT("ErrorCatalog", "The EK certificate has an unknown issuer."),
                    ENROLL_TEXT("ErrorCatalog", "HOLD shelf. Quality: check the trusted authorities.")},
    CodeDescription{
        C::EkCertificateWrongKey, "D-123", kHold, N::HoldShelf,
        ENROLL_TEXT("ErrorCatalog", "The EK certificate does not match the key."),
        ENROLL_TEXT("ErrorCatalog", "HOLD shelf. Quality: compare it with the keys that enrollctl ek shows.")},
    CodeDescription{C::EkCertificateMalformed, "D-124", kHold, N::HoldShelf,
                    ENROLL_TEXT("ErrorCatalog", "The EK certificate cannot be read."),
                    ENROLL_TEXT("ErrorCatalog", "HOLD shelf. Quality: see the finding, and what enrollctl ek shows.")},
    CodeDescription{C::EkCertificateExpired, "D-125", kHold, N::HoldShelf,
                    ENROLL_TEXT("ErrorCatalog", "The EK certificate is not valid today."),
                    ENROLL_TEXT("ErrorCatalog", "HOLD shelf. Quality: does the profile allow it?")},
    CodeDescription{C::SoftwareTpmRefused, "D-126", kFail, N::RedBin,
                    ENROLL_TEXT("ErrorCatalog", "This is a software TPM."),
                    ENROLL_TEXT("ErrorCatalog", "RED bin. Quality: the profile allows hardware TPMs only.")},
    CodeDescription{C::FirmwareTooOld, "D-127", kHold, N::HoldShelf,
                    ENROLL_TEXT("ErrorCatalog", "This TPM's firmware is too old."),
                    ENROLL_TEXT("ErrorCatalog", "HOLD shelf. Quality: update the firmware, then test again.")},
    CodeDescription{C::WeakKey, "D-128", kFail, N::RedBin, ENROLL_TEXT("ErrorCatalog", "The TPM made a weak key."),
                    ENROLL_TEXT("ErrorCatalog", "RED bin. Tell Quality the vendor and firmware.")},
    CodeDescription{C::ManufacturerNotAllowed, "D-129", kHold, N::HoldShelf,
                    ENROLL_TEXT("ErrorCatalog", "This TPM's maker is not in the profile."),
                    ENROLL_TEXT("ErrorCatalog", "HOLD shelf. Quality: compare with the bill of materials.")},
    CodeDescription{C::AttestationWrong, "D-130", kFail, N::TestAgain,
                    ENROLL_TEXT("ErrorCatalog", "Test attestation is wrong."),
                    ENROLL_TEXT("ErrorCatalog", "First time: test again. Second time: RED bin.")},
    CodeDescription{C::ActivationRefused, "D-131", kFail, N::RedBin,
                    ENROLL_TEXT("ErrorCatalog", "The TPM could not open its challenge."),
                    ENROLL_TEXT("ErrorCatalog", "Set the device aside. RED bin.")},
    CodeDescription{
        C::AnswersChanged, "D-132", kFail, N::RedBin,
        ENROLL_TEXT("ErrorCatalog", "Something changes what this TPM says."),
        ENROLL_TEXT("ErrorCatalog", "RED bin. Quality: look for a part between the TPM and its processor.")},
    CodeDescription{
        C::SeedNotMakers, "D-133", kHold, N::HoldShelf, ENROLL_TEXT("ErrorCatalog", "This TPM has made its keys anew."),
        ENROLL_TEXT("ErrorCatalog", "HOLD shelf. Quality: its maker's certificate is for its former keys.")},
    CodeDescription{
        C::MayShowOtherKey, "D-134", kHold, N::HoldShelf,
        ENROLL_TEXT("ErrorCatalog", "In the field this device may show another key."),
        ENROLL_TEXT("ErrorCatalog", "HOLD shelf. Quality: the enrolled key must be persistent in the TPM.")},
    CodeDescription{C::NotAsShipped, "D-135", kHold, N::HoldShelf,
                    ENROLL_TEXT("ErrorCatalog", "Something lies in this TPM that must not ship."),
                    ENROLL_TEXT("ErrorCatalog",
                                "HOLD shelf. Quality: see the findings; clear the TPM, or name it in the profile.")},
    CodeDescription{C::EkCertificateIssuerWeak, "D-136", kHold, N::HoldShelf,
                    ENROLL_TEXT("ErrorCatalog", "The EK certificate's issuer signs weakly."),
                    ENROLL_TEXT("ErrorCatalog", "HOLD shelf. Quality: does the profile allow it?")},
    CodeDescription{C::EkCertificateRevocationUnknown, "D-137", kHold, N::HoldShelf,
                    ENROLL_TEXT("ErrorCatalog", "Nobody knows whether the EK certificate was revoked."),
                    ENROLL_TEXT("ErrorCatalog", "HOLD shelf. Quality: import the maker's revocation list.")},
    CodeDescription{C::EkCertificateRevoked, "D-138", kFail, N::RedBin,
                    ENROLL_TEXT("ErrorCatalog", "The maker revoked the EK certificate, or an authority above it."),
                    ENROLL_TEXT("ErrorCatalog", "RED bin. Tell Quality the vendor and firmware.")},
    CodeDescription{C::EkCertificateOldForm, "D-139", kHold, N::HoldShelf,
                    ENROLL_TEXT("ErrorCatalog", "The EK certificate is older than X.509 version 3."),
                    ENROLL_TEXT("ErrorCatalog", "HOLD shelf. Quality: ask the TPM's maker for one of version 3.")},
    CodeDescription{C::Cancelled, "D-141", kAborted, N::TestAgain, ENROLL_TEXT("ErrorCatalog", "The test was stopped."),
                    ENROLL_TEXT("ErrorCatalog", "Start it again when ready.")},
    CodeDescription{C::EkCertificateNotOfAnEk, "D-142", kHold, N::HoldShelf,
                    ENROLL_TEXT("ErrorCatalog", "The certificate is not said to be an endorsement key's."),
                    ENROLL_TEXT("ErrorCatalog", "HOLD shelf. Quality: see the finding, ask the TPM's maker.")},
    CodeDescription{C::EkCertificateNamesNoMaker, "D-143", kHold, N::HoldShelf,
                    ENROLL_TEXT("ErrorCatalog", "The EK certificate does not name the TPM's maker."),
                    ENROLL_TEXT("ErrorCatalog", "HOLD shelf. Quality: ask the maker, or allow it in the profile.")},
};
static_assert(rowsAgree(kRows, kAllDeviceCodes, CodeFamily::Device), "one row a code, in the order of the numbers");

} // namespace

std::span<const CodeDescription> code_table::deviceRows() noexcept
{
    return kRows;
}

} // namespace enroll
