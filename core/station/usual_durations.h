#pragma once

#include "core/enrollment/attestation_run.h"

#include <deque>
#include <map>
#include <optional>

namespace enroll::station {

/// How long each step and a whole run usually take at this station: the median of the latest passing runs. Absent until
/// enough runs were seen, so that the screen never shows an invented duration.
class UsualDurations {
public:
    using Milliseconds = std::chrono::milliseconds;

    /// Takes the durations of a run that passed. Other runs are ignored: they end early or after a time-out.
    void learn(const enrollment::AttestationRun& run);

    [[nodiscard]] std::optional<Milliseconds> step(attestation::AttestationStep step) const;
    [[nodiscard]] std::optional<Milliseconds> whole() const;

private:
    using Window = std::deque<Milliseconds>;

    Window m_whole;
    std::map<attestation::AttestationStep, Window> m_steps;
};

} // namespace enroll::station
