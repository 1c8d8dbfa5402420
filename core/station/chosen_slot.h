#pragma once

#include "core/station/slot_board.h"

namespace enroll::station {

// Which slot a command concerns: the one that a person chose, or else the only one that it can concern. None where that
// is not certain; then nothing happens. Any thread.

/// The slot whose run is to be stopped: the only one that runs, if none was chosen.
std::optional<enrollment::SlotNumber> slotToStop(const SlotBoard& board, std::optional<enrollment::SlotNumber> chosen);

/// The slot whose result somebody dealt with: the only one of the fixture, if none was chosen. The only result of
/// several slots is not enough: the same code read twice would clear a result that nobody saw.
std::optional<enrollment::SlotNumber> slotToAcknowledge(const SlotBoard& board,
                                                        std::optional<enrollment::SlotNumber> chosen);

/// The slot that is to be looked at closely: the only one of the fixture or, of several, the one whose run ended last, if
/// none was chosen. To look changes nothing, so the likeliest one is enough.
std::optional<enrollment::SlotNumber> slotToLookAt(const SlotBoard& board,
                                                   std::optional<enrollment::SlotNumber> chosen);

} // namespace enroll::station
