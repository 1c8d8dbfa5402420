#pragma once

#include "core/base/error.h"
#include "core/enrollment/ids.h"

#include <string>

namespace enroll::station {

/// Why a scan was not taken: \p code, whose headline names \p subject. \p what is for the log.
Error refusal(ErrorCode code, const enrollment::SerialNumber& subject, std::string what);

/// "slot 3", as such an error's \p what names it.
std::string slotText(enrollment::SlotNumber slot);

} // namespace enroll::station
