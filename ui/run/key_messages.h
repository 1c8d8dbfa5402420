#pragma once

#include "ui/run/scan_messages.h"

namespace enroll::ui {

// What the scan bar says where a key, or its command, had nothing to act on or was refused: of that key, and what to do.

/// F4: no slot is ready.
ScanMessage nothingToStartMessage(const station::SlotBoard& board);
/// START: nobody chose which slot.
ScanMessage noSlotToStartMessage(const station::SlotBoard& board);
/// F7: no test runs in \p chosen or, without one, none or more than one.
ScanMessage nothingToStopMessage(std::optional<enrollment::SlotNumber> chosen, const station::SlotBoard& board);
/// F8: \p chosen shows no result that waits for a person; or nothing is chosen.
ScanMessage nothingToAcknowledgeMessage(std::optional<enrollment::SlotNumber> chosen, const station::SlotBoard& board);
/// F9: no slot is chosen or shows a result.
ScanMessage noSlotToShowMessage();

/// F4, START, or a click that starts: \p error hinders every test.
ScanMessage startRefusedMessage(const Error& error, const station::SlotBoard& board);
/// F8: \p error, of the result in \p slot.
ScanMessage acknowledgeRefusedMessage(const Error& error, enrollment::SlotNumber slot, const station::SlotBoard& board);

} // namespace enroll::ui
