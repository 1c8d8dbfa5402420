#include "core/station/scan_burst.h"

#include <algorithm>

namespace enroll::station {
namespace {

using std::chrono::milliseconds;

// A word that fingers type in one go has fewer characters than this, or gaps that are longer.
constexpr int kFewest = 4;
constexpr milliseconds kLongestMeanGap{60};

} // namespace

void ScanBurst::take(TimePoint at, int count) noexcept
{
    if (m_count == 0 || at < m_last || at - m_last > kLongestGap) { // a clock that was set back tells nothing
        forget();
        m_first = at;
    }
    m_count += count;
    m_last = at;
}

void ScanBurst::press(TimePoint at, int code, int count)
{
    const bool uneven = m_count > 0 && at - m_last > kLongestEvenGap;
    take(at, count);
    if (m_count > count) {
        m_uneven = m_uneven || uneven;
        m_finger = m_finger || !m_down.empty();
    }
    m_down[code] = at;
}

void ScanBurst::release(TimePoint at, int code)
{
    const auto pressed = m_down.extract(code);
    m_finger = m_finger || (!pressed.empty() && at - pressed.mapped() > kLongestHold);
}

bool ScanBurst::isScan(int fewest) const noexcept
{
    return m_count >= std::max(fewest, kFewest) && m_last - m_first <= kLongestMeanGap * (m_count - 1);
}

bool ScanBurst::goesOnAt(TimePoint now) const noexcept
{
    return isScan(kFewest) && now - m_last <= kLongestGap;
}

} // namespace enroll::station
