#include "core/attestation/attestation_step.h"

namespace enroll::attestation {

std::string_view stepText(AttestationStep step) noexcept
{
    switch (step) {
    case AttestationStep::Connect:
        return "connect";
    case AttestationStep::IdentifyTpm:
        return "identify-tpm";
    case AttestationStep::ReadEndorsementKey:
        return "read-endorsement-key";
    case AttestationStep::VerifyEkCertificate:
        return "verify-ek-certificate";
    case AttestationStep::ProvisionStorageRootKey:
        return "provision-storage-root-key";
    case AttestationStep::TestAttestation:
        return "test-attestation";
    case AttestationStep::CheckPolicy:
        return "check-policy";
    case AttestationStep::Record:
        return "record";
    }
    return "record";
}

std::string_view stepOutcomeText(StepOutcome outcome) noexcept
{
    switch (outcome) {
    case StepOutcome::Ok:
        return "ok";
    case StepOutcome::Finding:
        return "finding";
    case StepOutcome::Failed:
        return "failed";
    case StepOutcome::Skipped:
        return "skipped";
    }
    return "skipped";
}

} // namespace enroll::attestation
