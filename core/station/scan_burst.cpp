#include "core/station/scan_burst.h"

namespace enroll::station {
namespace {

using std::chrono::milliseconds;

// A word that fingers type in one go has fewer characters than this, or gaps that are longer.
constexpr int kFewest = 4;
constexpr milliseconds kLongestMeanGap{60};
// The program may be busy when a key comes; a person needs longer from the last character to another key.
constexpr milliseconds kLongestGap{150};

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

bool ScanBurst::goesOnAt(TimePoint now) const noexcept
{
    return m_count >= kFewest && m_last - m_first <= kLongestMeanGap * (m_count - 1) && now - m_last <= kLongestGap;
}

} // namespace enroll::station
