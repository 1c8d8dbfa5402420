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
    if (m_count == 0 || at - m_last > kLongestGap) {
        m_first = at;
        m_count = 0;
    }
    m_count += count;
    m_last = at;
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
