#include "core/station/look_pace.h"

#include <algorithm>

namespace enroll::station {
namespace {

using std::chrono::seconds;

constexpr seconds kBetweenAnswers{1};
constexpr int kAtOnce = 2; ///< a device is gone when two looks miss it: the second one must not wait
constexpr seconds kLongest{4};

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
    const bool mayBeTheFirst = m_expected && latest.found == false;
    return mayBeTheFirst || now - latest.when >= pauseAfter(latest.without) ? LookAt::Ask : LookAt::Leave;
}

void LookPace::answered(enrollment::SlotNumber slot, std::optional<bool> found, Time when)
{
    auto& latest = m_latest[slot];
    latest = {found, found == true ? 0 : latest.without + 1, when};
}

void LookPace::scanned()
{
    for (auto& [slot, latest] : m_latest) {
        latest.without = 0;
    }
}

} // namespace enroll::station
