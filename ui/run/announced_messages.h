#pragma once

#include "core/station/slot_board.h"
#include "ui/run/scan_bar.h"

namespace enroll::ui {

// What the scan bar says where devices say their serial numbers, by the rule "device-serial", as values.

/// What the device in \p slot says, and how it is tested all the same.
ScanMessage whoItSays(enrollment::SlotNumber slot, const station::SlotBoard& board);

/// What can be done with \p slot, which was chosen: no serial takes its place but that which its device says.
QString offerForDevice(enrollment::SlotNumber slot, const station::SlotBoard& board);

/// What \p message asks of the device in its slot is not what is taken by now, or what it refused would be. By every other
/// rule it stands.
bool isOutdated(const ScanMessage& message, const station::SlotBoard& board);

} // namespace enroll::ui
