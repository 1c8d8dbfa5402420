#include "app/service/store_check.h"

#include "core/base/service_code.h"

#include <iostream>

namespace enroll::app::service {

Result<StoreCheck::Found> StoreCheck::goOn(provisioning::EnrollmentList& list)
{
    constexpr std::size_t kAtOnce = 100; // some milliseconds: anybody may ask
    const std::scoped_lock lock{m_mutex};
    auto read = list.requireReadable(m_afterKey, kAtOnce);
    if (read.ok()) {
        m_afterKey = std::move(read).value();
        m_said.clear();
        return Found::Good;
    }
    if (read.error().code != ServiceCode::ListDamaged) {
        return std::move(read).error();
    }
    if (auto words = describeForLog(read.error()); words != m_said) {
        std::cerr << words << std::endl;
        m_said = std::move(words);
    }
    return Found::Damaged;
}

} // namespace enroll::app::service
