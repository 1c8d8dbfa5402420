#pragma once

#include "app/enrollctl/output.h"
#include "core/attestation/attestation_step.h"

namespace enroll::app::enrollctl {

/// Writes each step of a run to standard error when it has ended.
class StepPrinter final : public attestation::StepReporter {
public:
    explicit StepPrinter(Output& output) : m_output(output) {}

    void began(attestation::AttestationStep) override {}
    void ended(const attestation::StepRecord& record) override;

private:
    Output& m_output;
};

} // namespace enroll::app::enrollctl
