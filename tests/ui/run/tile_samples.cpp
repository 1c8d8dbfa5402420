#include "tests/ui/run/tile_samples.h"

#include "core/base/device_code.h"
#include "core/base/hold_code.h"
#include "core/base/station_code.h"

namespace enroll::test {

using attestation::AttestationStep;
using enrollment::SerialNumber;

enrollment::AttestationRun sampleRun(Outcome outcome, std::optional<ErrorCode> code, const std::string& serial)
{
    enrollment::AttestationRun run;
    run.runId = enrollment::RunId{"0193"};
    run.serialNumber = SerialNumber{serial};
    run.device = "tcp://127.0.0.1:2321";
    run.outcome = outcome;
    run.code = code;
    run.duration = std::chrono::milliseconds{843};
    run.tpm = attestation::TpmIdentity{"IFX", 0x49465800, "SLB9670", "7.85.4555.0", 138, false};
    if (code) {
        auto error = makeError(*code, "sample");
        error.subject = "GX-000118";
        run.headline = headlineOf(error);
        run.subject = error.subject;
    }
    if (outcome == Outcome::Pass) {
        run.record = enrollment::RecordSummary{
            enrollment::RegistrationId{"6rek5q"},
            enrollment::RecordState::Queued,
            {{enrollment::DestinationName{"cloud"}, enrollment::RecordState::Queued, {}, {}}}};
    }
    return run;
}

enrollment::RecordSummary recordIn(enrollment::RecordState state, const std::string& code)
{
    auto record = *sampleRun(Outcome::Pass, std::nullopt, "GX-000183").record;
    record.state = state;
    record.destinations.front().state = state;
    record.destinations.front().code = code;
    return record;
}

station::SlotState restored(enrollment::AttestationRun run)
{
    run.startedAt = utcNow() - std::chrono::hours{3};
    return station::SlotFinished{std::move(run), false, true};
}

std::vector<station::SlotState> sampleStates(std::chrono::steady_clock::time_point now)
{
    using namespace std::chrono_literals;
    auto rejected = sampleRun(Outcome::Pass, std::nullopt, "GX-000189");
    rejected.record = recordIn(enrollment::RecordState::Rejected, "U-409");
    return {
        station::SlotFinished{sampleRun(Outcome::Pass, std::nullopt, "GX-000183")},
        station::SlotRunning{SerialNumber{"GX-000184"}, AttestationStep::ProvisionStorageRootKey, now - 14s, now - 6s,
                             false},
        station::SlotFinished{sampleRun(Outcome::Fail, DeviceCode::AttestationWrong, "GX-000185")},
        station::SlotReady{SerialNumber{"GX-000190"}},
        station::SlotFinished{sampleRun(Outcome::Hold, HoldCode::EkEnrolledElsewhere, "GX-000186")},
        station::SlotFinished{sampleRun(Outcome::StationFault, StationCode::StationCannotReachPort, "GX-000187")},
        station::SlotFinished{sampleRun(Outcome::Aborted, DeviceCode::Cancelled, "GX-000188")},
        station::SlotEmpty{},
        station::SlotFinished{rejected},
        station::SlotUnknown{{SerialNumber{"GX-000191"}, utcNow()}, true},
        station::SlotUnknown{{SerialNumber{"GX-000192"}, UtcTime{}}, false},
        station::SlotUnknown{{std::nullopt, utcNow()}, true},
        restored(sampleRun(Outcome::Pass, std::nullopt, "GX-000193")),
        restored(sampleRun(Outcome::Fail, DeviceCode::AttestationWrong, "GX-000194")),
    };
}

} // namespace enroll::test
