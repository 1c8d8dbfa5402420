#pragma once

#include "app/enrollctl/exit_code.h"
#include "app/enrollctl/output.h"

#include <span>
#include <stop_token>
#include <string>

namespace enroll::app::enrollctl {

/// The whole of `enrollctl` but the process: reads \p arguments (without the program's name), runs the command and
/// says what became of it on the two streams. A result that standard output does not take is a station fault.
///
/// \param colour  what the streams can show, as far as the caller knows
/// \param stop    asked when the person or the system wants the command to end
ExitCode runProgram(std::span<const std::string> arguments, Output& output, Colour colour, const std::stop_token& stop);

} // namespace enroll::app::enrollctl
