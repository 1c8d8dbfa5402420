#pragma once

#include "app/enrollctl/output.h"
#include "core/attestation/attestation_step.h"

#include <stop_token>

namespace enroll::app::enrollctl {

/// Tells the steps of a run on standard error and ends the run between two steps when a stop was asked.
class StepPrinter final : public attestation::StepReporter {
public:
    StepPrinter(Output& output, std::stop_token stop) : m_output(output), m_stop(std::move(stop)) {}

    Result<void> begin(attestation::AttestationStep step) override;
    void ended(const attestation::StepRecord& record) override;

private:
    Output& m_output;
    std::stop_token m_stop;
};

} // namespace enroll::app::enrollctl
