#pragma once

#include "core/attestation/attest_device.h"
#include "tests/support/ek_authority.h"
#include "tests/support/fake_device_tpm.h"
#include "tests/support/recording_steps.h"
#include "tests/support/worked_challenge.h"

#include <algorithm>

namespace enroll::test {

inline const DeviceKeys& keys()
{
    static const auto value = WorkedChallenge{}.keys();
    return value;
}

/// A genuine device on a station that trusts its maker, and what became of one run.
struct Bench {
    EkAuthority authority;
    crypto::TrustStore anchors = authority.anchors();
    FakeDeviceTpm tpm{keys()};
    RecordingSteps steps;
    attestation::AttestationPolicy policy;
    attestation::FurtherCheck furtherCheck;

    Bench() { tpm.setCertificateNv(authority.issue(keys().endorsementKey.pem)); }

    attestation::AttestationReport attest()
    {
        return attestation::attestDevice({policy, anchors, utcNow(), furtherCheck}, tpm, steps, steps.stop());
    }
};

inline attestation::StepOutcome outcomeOf(const attestation::AttestationReport& report,
                                          attestation::AttestationStep step)
{
    return std::ranges::find(report.steps, step, &attestation::StepRecord::step)
        ->outcome.knownOr(attestation::StepOutcome::Skipped);
}

inline bool hasFinding(const attestation::AttestationReport& report, std::string_view id)
{
    return std::ranges::find(report.findings, id, &attestation::Finding::id) != report.findings.end();
}

} // namespace enroll::test
