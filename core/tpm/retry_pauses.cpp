#include "core/tpm/retry_pauses.h"

#include <algorithm>

namespace enroll::tpm {

std::chrono::milliseconds RetryPauses::next()
{
    constexpr std::chrono::milliseconds kLongest{2'000};
    std::uniform_int_distribution<std::chrono::milliseconds::rep> pick{m_ceiling.count() / 2, m_ceiling.count()};
    const std::chrono::milliseconds pause{pick(m_random)};
    m_ceiling = std::min(m_ceiling * 2, kLongest); // exponential, so that a busy TPM is not kept busy by questions
    return std::min(pause, m_end.left());
}

} // namespace enroll::tpm
