#include "app/enrollctl/exit_code.h"

#include "core/base/cloud_code.h"
#include "core/base/device_code.h"
#include "core/base/scan_code.h"
#include "core/base/station_code.h"

#include <algorithm>
#include <array>

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

ExitCode exitCodeOf(const enrollment::AttestationRun& run) noexcept
{
    for (const ErrorCode own : {ErrorCode{StationCode::JournalAltered}, ErrorCode{DeviceCode::DeviceRemoved}}) {
        if (run.code == own) {
            return exitCodeOf(own);
        }
    }
    return exitCodeOf(run.outcome.knownOr(Outcome::StationFault));
}

ExitCode exitCodeOf(ErrorCode code) noexcept
{
    // Faults that the caller can correct: the configuration, what is missing, an old program, a scan, and every code that
    // asks for a corrected input.
    static constexpr std::array<ErrorCode, 7> kUsage{ScanCode::NotASerialNumber,        ScanCode::SerialAlreadyInSlot,
                                                     ScanCode::TwoCodesAsOne,           ScanCode::CapsLockIsOn,
                                                     StationCode::ConfigurationInvalid, StationCode::JournalNewer,
                                                     StationCode::NothingFound};
    // Refusals of one record or device; codes of a service that is busy, broken or out of reach are not among them.
    static constexpr std::array<ErrorCode, 10> kRefused{CloudCode::RefusedRequest,     CloudCode::DoesNotKnowId,
                                                        CloudCode::HasOtherKey,        CloudCode::HoldsOtherSettings,
                                                        CloudCode::EkDiffers,          CloudCode::EnrollmentDisabled,
                                                        CloudCode::RefusedSignature,   CloudCode::UnknownIdScope,
                                                        CloudCode::ProvisioningFailed, CloudCode::RefusesAll};
    const auto& row = describe(code);
    if (row.next == NextStep::CorrectInput || std::ranges::count(kUsage, code) > 0) {
        return ExitCode::Usage;
    }
    if (std::ranges::count(kRefused, code) > 0) {
        return ExitCode::Refused;
    }
    if (code == StationCode::JournalAltered) {
        return ExitCode::IntegrityLost;
    }
    if (code == DeviceCode::DeviceRemoved) { // nobody interrupted the program, and the device was not judged
        return ExitCode::StationFault;
    }
    return exitCodeOf(row.verdict.value_or(Outcome::StationFault));
}

} // namespace enroll::app::enrollctl
