#include "core/attestation/step_trail.h"

#include "core/base/assert.h"
#include "core/base/cancellation.h"

#include <algorithm>

namespace enroll::attestation {

Result<void> StepTrail::begin(AttestationStep step)
{
    close();
    TRY(requireNotCancelled(m_stop));
    beginInAnyCase(step);
    return {};
}

void StepTrail::beginInAnyCase(AttestationStep step)
{
    close();
    m_reporter.began(step);
    m_began = Clock::now();
    m_open = StepRecord{step, StepOutcome::Ok, {}, {}};
}

Word<AttestationStep> StepTrail::current() const
{
    ENROLL_ASSERT(m_open.has_value(), "a step that was begun");
    return m_open->step;
}

void StepTrail::note(StepOutcome outcome, std::string detail)
{
    ENROLL_ASSERT(m_open.has_value(), "a step that was begun");
    m_open->outcome = outcome;
    m_open->detail = std::move(detail);
}

void StepTrail::close()
{
    if (!m_open) {
        return;
    }
    m_open->duration = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - m_began);
    m_ended.push_back(*m_open);
    m_open.reset();
    m_reporter.ended(m_ended.back());
}

void StepTrail::fail(const Error& error)
{
    if (m_open) {
        note(StepOutcome::Failed, describeForLog(error));
        close();
    }
}

std::vector<StepRecord> StepTrail::upTo(AttestationStep last) const
{
    std::vector<StepRecord> all;
    for (const auto step : kAllSteps) {
        const auto ended = std::ranges::find(m_ended, step, &StepRecord::step);
        all.push_back(ended != m_ended.end() ? *ended : StepRecord{step, StepOutcome::Skipped, {}, {}});
        if (step == last) {
            break;
        }
    }
    return all;
}

// Not inline: GCC 12, optimising, takes the unknown word that a known one is not for an uninitialised string.
StepRecord untimedStep(AttestationStep step, StepOutcome outcome, std::string detail)
{
    return {step, outcome, {}, std::move(detail)};
}

} // namespace enroll::attestation
