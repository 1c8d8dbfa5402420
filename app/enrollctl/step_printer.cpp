#include "app/enrollctl/step_printer.h"

namespace enroll::app::enrollctl {

void StepPrinter::ended(const attestation::StepRecord& record)
{
    constexpr std::size_t kWidestStep = 28; // "provision-storage-root-key" and two spaces
    std::string line = "  " + std::string{stepText(record.step)};
    line.resize(kWidestStep + 2, ' ');
    line += std::string{stepOutcomeText(record.outcome)};
    if (record.outcome != attestation::StepOutcome::Skipped) {
        line += "  " + std::to_string(record.duration.count()) + " ms";
    }
    m_output.progress(record.detail.empty() ? line : line + "  " + record.detail);
}

} // namespace enroll::app::enrollctl
