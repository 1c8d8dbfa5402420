#pragma once

#include "core/attestation/attestation_step.h"
#include "core/base/result.h"

#include <optional>
#include <stop_token>
#include <vector>

namespace enroll::attestation {

/// Keeps what became of each step of one run, with its duration, and tells the reporter.
///
/// A step ends when the next begins, when the trail is closed, or when it fails. One thread.
class StepTrail {
public:
    /// \param stop  what begin() obeys
    StepTrail(StepReporter& reporter, std::stop_token stop) : m_reporter(reporter), m_stop(std::move(stop)) {}

    /// Ends the step before and begins \p step. Error D-141 if a stop was asked; no step is then open.
    Result<void> begin(AttestationStep step);
    /// Ends the step before and begins \p step even if a stop was asked, for a step that must not be left out.
    void beginInAnyCase(AttestationStep step);
    /// The open step. Only between begin() and the step's end (asserted).
    [[nodiscard]] Word<AttestationStep> current() const;
    /// Says how the open step will end unless it fails.
    void note(StepOutcome outcome, std::string detail);
    /// Ends the open step with what was noted, Ok by default. Does nothing if none is open.
    void close();
    /// Ends the open step as Failed. Does nothing if none is open.
    void fail(const Error& error);

    /// The steps up to and including \p last in their order; those that never began are Skipped.
    [[nodiscard]] std::vector<StepRecord> upTo(AttestationStep last) const;

private:
    using Clock = std::chrono::steady_clock;

    StepReporter& m_reporter;
    std::stop_token m_stop;
    std::vector<StepRecord> m_ended;
    std::optional<StepRecord> m_open;
    Clock::time_point m_began{};
};

/// The record of a step that was not timed: of one that was left out, or that ends with the run's own commit.
StepRecord untimedStep(AttestationStep step, StepOutcome outcome, std::string detail);

} // namespace enroll::attestation
