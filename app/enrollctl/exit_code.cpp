#include "app/enrollctl/exit_code.h"

namespace enroll::app::enrollctl {

ExitCode exitCodeOf(Outcome outcome) noexcept
{
    switch (outcome) {
    case Outcome::Pass:
        return ExitCode::Done;
    case Outcome::Fail:
        return ExitCode::Fail;
    case Outcome::Hold:
        return ExitCode::Hold;
    case Outcome::StationFault:
        return ExitCode::StationFault;
    case Outcome::Aborted:
        return ExitCode::Interrupted;
    }
    return ExitCode::StationFault;
}

ExitCode exitCodeOf(ErrorCode code) noexcept
{
    switch (code) {
    case ErrorCode::NotASerialNumber:
    case ErrorCode::SerialAlreadyInSlot:
    case ErrorCode::ConfigurationInvalid:
    case ErrorCode::UsageInvalid:
    case ErrorCode::InputInvalid:
        return ExitCode::Usage;
    case ErrorCode::JournalAltered:
        return ExitCode::IntegrityLost;
    case ErrorCode::CloudRefusedRequest:
    case ErrorCode::CloudDoesNotKnowId:
    case ErrorCode::CloudHasOtherKey:
    case ErrorCode::CloudEkDiffers:
    case ErrorCode::CloudEnrollmentDisabled:
    case ErrorCode::CloudRefusedSignature:
    case ErrorCode::CloudUnknownIdScope:
    case ErrorCode::CloudProvisioningFailed:
        return ExitCode::Refused;
    default:
        return exitCodeOf(describe(code).verdict.value_or(Outcome::StationFault));
    }
}

} // namespace enroll::app::enrollctl
