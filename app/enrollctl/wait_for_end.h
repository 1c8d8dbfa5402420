#pragma once

#include "core/base/result.h"

#include <stop_token>

namespace enroll::app::enrollctl {

/// Whether the end of standard input ends the waiting, too.
enum class InputEnd { Ignored, Ends };

/// Blocks until a stop is asked or, if wanted, until nobody can write to standard input any more.
/// Errors S-321, S-399 (the process cannot wait).
Result<void> waitForEnd(const std::stop_token& stop, InputEnd inputEnd);

} // namespace enroll::app::enrollctl
