#include "core/base/device_code.h"

#include "core/base/code_table.h"

namespace enroll {
namespace {

using C = DeviceCode;
using N = NextStep;
using namespace code_table;

constexpr std::array kRows{
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
};
static_assert(rowsAgree(kRows, kAllDeviceCodes, CodeFamily::Device), "one row a code, in the order of the numbers");

} // namespace

std::span<const CodeDescription> code_table::deviceRows() noexcept
{
    return kRows;
}

} // namespace enroll
