#include "core/delivery/waiting.h"

namespace enroll::delivery {

void RealWaiting::waitFor(std::chrono::milliseconds span, const std::stop_token& stop)
{
    std::unique_lock lock{m_mutex};
    m_woken.wait_for(lock, stop, span, [] { return false; });
}

} // namespace enroll::delivery
