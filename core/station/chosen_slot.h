#pragma once

#include "core/station/slot_board.h"

namespace enroll::station {

// Which slot a command concerns: the one that a person chose, or else the only one that it can concern. None where that
// is not certain; then nothing happens.

/// The slot whose run is to be stopped.
std::optional<enrollment::SlotNumber> slotToStop(const SlotBoard& board, std::optional<enrollment::SlotNumber> chosen);

/// The slot whose result somebody dealt with. A chosen one counts, whatever it shows.
std::optional<enrollment::SlotNumber> slotToAcknowledge(const SlotBoard& board,
                                                        std::optional<enrollment::SlotNumber> chosen);

} // namespace enroll::station
