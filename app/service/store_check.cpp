#include "app/service/store_check.h"

#include "core/base/service_code.h"

#include <iostream>

namespace enroll::app::service {

Result<StoreCheck::Found> StoreCheck::goOn(provisioning::EnrollmentList& list, UtcTime now)
{
    constexpr std::chrono::seconds kGoodFor{1};
    const std::scoped_lock lock{m_mutex};
    if (m_last && now >= m_last->at && now - m_last->at < kGoodFor) {
        return m_last->found;
    }
    m_last.reset();
    TRY_ASSIGN(const auto found, readOn(list));
    m_last = Answer{now, found};
    return found;
}

Result<StoreCheck::Found> StoreCheck::readOn(provisioning::EnrollmentList& list)
{
    constexpr std::size_t kAtOnce = 100; // some milliseconds
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
