#pragma once

#include "ui/run/scan_messages.h"

namespace enroll::ui {

/// What the bar says in place of \p message, now that \p board is as it is: itself as long as what it says of a slot, its
/// device or its test goes on, with what the hands do now; none when that is over.
std::optional<ScanMessage> asItIsNow(const ScanMessage& message, const station::SlotBoard& board);

} // namespace enroll::ui
