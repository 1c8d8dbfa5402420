#pragma once

#include "core/attestation/attestation_step.h"
#include "core/base/device_code.h"

#include <optional>
#include <vector>

namespace enroll::test {

/// Hears what a run reports, and asks for a stop before one step if wanted.
class RecordingSteps : public attestation::StepReporter {
public:
    RecordingSteps() = default;
    explicit RecordingSteps(attestation::AttestationStep stopBefore) : m_stopBefore(stopBefore) {}

    Result<void> begin(attestation::AttestationStep step) override
    {
        if (m_stopBefore && step >= *m_stopBefore) {
            return makeError(DeviceCode::Cancelled, "a stop was asked");
        }
        began.push_back(step);
        return {};
    }
    void ended(const attestation::StepRecord& record) override { finished.push_back(record); }

    std::vector<attestation::AttestationStep> began;
    std::vector<attestation::StepRecord> finished;

private:
    std::optional<attestation::AttestationStep> m_stopBefore;
};

} // namespace enroll::test
