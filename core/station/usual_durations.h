#pragma once

#include "core/enrollment/attestation_run.h"

#include <deque>
#include <map>
#include <optional>

namespace enroll::station {

/// How long a step and a whole run usually take here: the median of the latest passing runs. Says nothing until enough
/// runs were seen, so that nothing on the screen is invented.
class UsualDurations {
public:
    using Milliseconds = std::chrono::milliseconds;

    /// Learns from a run that passed; other runs are ignored, they end early or late.
    void learn(const enrollment::AttestationRun& run);

    [[nodiscard]] std::optional<Milliseconds> step(attestation::AttestationStep step) const;
    [[nodiscard]] std::optional<Milliseconds> whole() const;

private:
    using Window = std::deque<Milliseconds>;

    Window m_whole;
    std::map<attestation::AttestationStep, Window> m_steps;
};

} // namespace enroll::station
