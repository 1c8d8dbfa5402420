#include "core/station/usual_durations.h"

#include <algorithm>
#include <vector>

namespace enroll::station {
namespace {

using Milliseconds = UsualDurations::Milliseconds;

// Enough runs that one odd device does not move the median; few enough to follow a change of product within minutes.
constexpr std::size_t kWindow = 15;
constexpr std::size_t kEnough = 3;

void push(std::deque<Milliseconds>& window, Milliseconds value)
{
    window.push_back(value);
    if (window.size() > kWindow) {
        window.pop_front();
    }
}

std::optional<Milliseconds> medianOf(const std::deque<Milliseconds>& window)
{
    if (window.size() < kEnough) {
        return std::nullopt;
    }
    std::vector<Milliseconds> sorted(window.begin(), window.end());
    std::ranges::sort(sorted);
    return sorted[sorted.size() / 2];
}

} // namespace

void UsualDurations::learn(const enrollment::AttestationRun& run)
{
    if (run.outcome != Outcome::Pass) {
        return;
    }
    push(m_whole, run.duration);
    for (const auto& step : run.steps) {
        if (const auto* known = step.step.known()) {
            push(m_steps[*known], step.duration);
        }
    }
}

std::optional<Milliseconds> UsualDurations::step(attestation::AttestationStep step) const
{
    const auto found = m_steps.find(step);
    return found == m_steps.end() ? std::nullopt : medianOf(found->second);
}

std::optional<Milliseconds> UsualDurations::whole() const
{
    return medianOf(m_whole);
}

} // namespace enroll::station
