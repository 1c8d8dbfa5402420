#pragma once

#include "core/enrollment/ids.h"

#include <optional>
#include <string>
#include <string_view>

namespace enroll::station {

/// The slot whose label says \p text: "SLOT 3", also with a dash, a colon or nothing between, in either case. None for
/// any other text, so for a number by itself: it may be a serial number.
std::optional<enrollment::SlotNumber> slotOfLabel(std::string_view text) noexcept;

/// The text of the label of \p slot: "SLOT 3".
std::string labelOf(enrollment::SlotNumber slot);

} // namespace enroll::station
