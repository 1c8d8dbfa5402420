#include "core/station/work_order.h"

#include "core/base/scan_code.h"

#include <utility>

namespace enroll::station {

using enrollment::BatchId;
using enrollment::SerialNumber;

WorkOrder::WorkOrder(Need need, std::optional<BatchId> kept)
    : m_need(need), m_current(std::move(kept)), m_fromBefore(m_current.has_value())
{}

Result<void> WorkOrder::requireOne() const
{
    if (m_need == Need::Required && !m_current) {
        return makeError(ScanCode::OrderMissing, "no work order was taken", "scan");
    }
    return {};
}

OrderTaken WorkOrder::take(const BatchId& order, const std::set<SerialNumber>& waiting)
{
    keepOnly(waiting);
    OrderTaken taken{std::exchange(m_current, order), {}};
    m_fromBefore = false;
    for (const auto& [serial, its] : m_ofSerials) {
        if (its != order) {
            taken.keepTheirs.insert(serial);
        }
    }
    return taken;
}

void WorkOrder::scanned(const SerialNumber& serial, const std::set<SerialNumber>& waiting)
{
    keepOnly(waiting);
    if (m_current) {
        m_ofSerials.try_emplace(serial, *m_current);
    }
}

void WorkOrder::repeats(const SerialNumber& serial, const BatchId& order)
{
    if (!order.empty()) {
        m_ofSerials.insert_or_assign(serial, order);
    }
}

BatchId WorkOrder::orderOf(const SerialNumber& serial) const
{
    const auto own = m_ofSerials.find(serial);
    return own != m_ofSerials.end() ? own->second : m_current.value_or(BatchId{});
}

void WorkOrder::keepOnly(const std::set<SerialNumber>& waiting)
{
    std::erase_if(m_ofSerials, [&](const auto& entry) { return !waiting.contains(entry.first); });
}

} // namespace enroll::station
