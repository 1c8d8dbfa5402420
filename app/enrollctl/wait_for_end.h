#pragma once

#include "core/base/result.h"

#include <stop_token>

namespace enroll::app::enrollctl {

/// Whether the end of standard input ends the wait, too.
enum class InputEnd { Ignored, Ends };

/// Blocks until \p stop is requested or, with InputEnd::Ends, until standard input ends. That lets a script stop the
/// program by closing a pipe. Errors S-321, S-399 (the process cannot wait).
Result<void> waitForEnd(const std::stop_token& stop, InputEnd inputEnd);

} // namespace enroll::app::enrollctl
