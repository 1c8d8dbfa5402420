#include "core/station/look_pace.h"

#include <algorithm>

namespace enroll::station {
namespace {

using std::chrono::seconds;

constexpr seconds kBetweenAnswers{1};
constexpr int kAtOnce = 2; ///< a device is gone when two looks miss it: the second one must not wait
constexpr seconds kLongest{4};
constexpr int kUnclear = 4; ///< a device that starts, or is busy for a moment, has answered by then

/// Before a slot is asked again where \p without questions in a row found no device.
seconds pauseAfter(int without)
{
    return without <= kAtOnce ? seconds{0} : std::min(kLongest, seconds{2} * (without - kAtOnce));
}

} // namespace

LookAt LookPace::at(enrollment::SlotNumber slot, Time now) const
{
    const auto known = m_latest.find(slot);
    if (known == m_latest.end()) {
        return LookAt::Ask;
    }
    const auto& latest = known->second;
    if (latest.found == true) {
        return now - latest.when < kBetweenAnswers ? LookAt::StillThere : LookAt::Ask;
    }
    const bool isWaitedFor = latest.found == false && (m_expected || m_doubted.contains(slot));
    return isWaitedFor || now - latest.when >= pauseAfter(latest.without) ? LookAt::Ask : LookAt::Leave;
}

void LookPace::answered(enrollment::SlotNumber slot, std::optional<bool> found, Time when)
{
    auto& latest = m_latest[slot];
    const bool isChange = found != latest.found; // one that was empty and gives no certain answer now is asked at once
    latest = {found, found == true ? 0 : (isChange ? 0 : latest.without) + 1, found ? 0 : latest.unclear + 1, when};
}

bool LookPace::isUnclear(enrollment::SlotNumber slot) const
{
    const auto known = m_latest.find(slot);
    return known != m_latest.end() && known->second.unclear >= kUnclear;
}

void LookPace::plugged()
{
    for (auto& [slot, latest] : m_latest) {
        latest.without = 0;
        latest.when -= kBetweenAnswers;
    }
}

void LookPace::scanned()
{
    for (auto& [slot, latest] : m_latest) {
        latest.without = 0;
    }
}

} // namespace enroll::station
