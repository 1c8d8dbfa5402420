#pragma once

#include "core/base/clock.h"

#include <random>

namespace enroll::tpm {

/// The pauses before one command is sent again after a "not now" (asksForRetry()).
///
/// The first pause is 20 to 40 ms, each next range is twice the one before, and none is longer than 2 s. Each pause is
/// drawn at random from its range, so that the slots of one machine do not retry in step. No pause passes the end of
/// the budget, which begins to run in the constructor.
class RetryPauses {
public:
    explicit RetryPauses(std::chrono::milliseconds budget)
        : m_end(Deadline::in(budget)), m_random(std::random_device{}())
    {}

    [[nodiscard]] bool exhausted() const noexcept { return m_end.passed(); }
    /// How long to wait now; zero once the budget is spent.
    std::chrono::milliseconds next();

private:
    Deadline m_end;
    std::chrono::milliseconds m_ceiling{40}; ///< upper end of the next range; its lower end is half of it
    std::minstd_rand m_random;
};

} // namespace enroll::tpm
