#pragma once

#include "core/base/error.h"

namespace enroll::delivery {

/// Error S-302 of a drain whose destination another program on this data directory sends to: a station that runs, say. It
/// sends what waits here, too.
Error claimedElsewhere();

/// True for claimedElsewhere() alone: a journal that is locked is S-302 as well.
bool isClaimedElsewhere(const Error& error);

} // namespace enroll::delivery
