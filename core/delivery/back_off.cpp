#include "core/delivery/back_off.h"

#include <algorithm>
#include <random>

namespace enroll::delivery {
namespace {

using std::chrono::milliseconds;

milliseconds doubled(int failures, const BackOff& backOff) noexcept
{
    auto wait = backOff.base;
    for (int i = 1; i < failures && wait < backOff.most; ++i) {
        wait *= 2;
    }
    return std::min(wait, backOff.most);
}

} // namespace

milliseconds waitAfter(int failures, std::optional<std::chrono::seconds> retryAfter, const BackOff& backOff,
                       double chance) noexcept
{
    const auto wait = retryAfter ? std::max<milliseconds>(*retryAfter, backOff.base) : doubled(failures, backOff);
    const auto extra = static_cast<double>(wait.count()) * backOff.jitter * chance;
    return wait + milliseconds{static_cast<milliseconds::rep>(extra)};
}

double chance()
{
    std::random_device entropy;
    return std::uniform_real_distribution<double>{0.0, 1.0}(entropy);
}

} // namespace enroll::delivery
