#include "db/upload/waiting.h"

namespace enroll::db::upload {

void RealWaiting::waitFor(std::chrono::milliseconds span, const std::stop_token& stop)
{
    std::unique_lock lock{m_mutex};
    m_woken.wait_for(lock, stop, span, [] { return false; });
}

} // namespace enroll::db::upload
