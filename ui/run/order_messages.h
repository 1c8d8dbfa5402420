#pragma once

#include "core/station/work_order.h"
#include "ui/run/scan_bar.h"

#include <vector>

namespace enroll::ui {

/// What kept the work order that it had when another one was taken.
struct OldOrder {
    std::vector<enrollment::SlotNumber> slots;           ///< whose serial number waits or runs
    std::optional<enrollment::SerialNumber> inHand = {}; ///< without a slot yet
    bool operator==(const OldOrder&) const = default;
};

// What the scan bar says of work orders.

/// \p order holds from now on, in place of \p before.
ScanMessage orderTakenMessage(const enrollment::BatchId& order, const std::optional<enrollment::BatchId>& before,
                              const OldOrder& old);
/// The station needs one, and has none.
ScanMessage orderWantedMessage();
/// The program started anew, with the \p order of before.
ScanMessage orderFromBeforeMessage(const enrollment::BatchId& order);

} // namespace enroll::ui
