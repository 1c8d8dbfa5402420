#pragma once

#include "core/attestation/attestation_step.h"

#include <optional>
#include <stop_token>
#include <vector>

namespace enroll::test {

/// Hears what a run reports, and asks for a stop before one step if wanted.
class RecordingSteps : public attestation::StepReporter {
public:
    RecordingSteps() = default;
    explicit RecordingSteps(attestation::AttestationStep stopBefore) : m_stopBefore(stopBefore)
    {
        if (stopBefore == attestation::kAllSteps.front()) {
            m_stop.request_stop();
        }
    }

    void began(attestation::AttestationStep step) override { begun.push_back(step); }
    void ended(const attestation::StepRecord& record) override
    {
        finished.push_back(record);
        if (m_stopBefore && static_cast<int>(record.step.knownOr(attestation::kAllSteps.front())) + 1 ==
                                static_cast<int>(*m_stopBefore)) {
            m_stop.request_stop();
        }
    }
    [[nodiscard]] std::stop_token stop() const noexcept { return m_stop.get_token(); }

    std::vector<attestation::AttestationStep> begun;
    std::vector<attestation::StepRecord> finished;

private:
    std::optional<attestation::AttestationStep> m_stopBefore;
    std::stop_source m_stop;
};

} // namespace enroll::test
