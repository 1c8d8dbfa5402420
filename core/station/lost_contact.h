#pragma once

#include "core/station/slot_board.h"

namespace enroll::station {

/// Slots whose devices were lost within ten seconds while they were tested, the most that were lost together, in order;
/// none if these are fewer than three. Two hands take two devices out; what three share, a hub, a cable or a network,
/// broke, and that is the station's trouble. They count as long as their slots keep these results.
std::vector<enrollment::SlotNumber> lostTogether(const SlotBoard& board);

} // namespace enroll::station
