#pragma once

#include "core/base/clock.h"

#include <random>

namespace enroll::tpm {

/// The pauses between tries of one command that the TPM asked to send again: doubling from 20 ms to 2 s, each with
/// jitter so that eight slots on one machine do not come back in step, and never past the end of the budget.
class BackOff {
public:
    explicit BackOff(std::chrono::milliseconds budget) : m_end(Deadline::in(budget)), m_random(std::random_device{}())
    {}

    [[nodiscard]] bool exhausted() const noexcept { return m_end.passed(); }
    std::chrono::milliseconds next();

private:
    Deadline m_end;
    std::chrono::milliseconds m_ceiling{40};
    std::minstd_rand m_random;
};

} // namespace enroll::tpm
