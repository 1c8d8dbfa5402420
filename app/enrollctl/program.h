#pragma once

#include "app/enrollctl/exit_code.h"
#include "app/enrollctl/output.h"

#include <span>
#include <stop_token>
#include <string>

namespace enroll::app::enrollctl {

/// Runs `enrollctl` inside a process: reads \p arguments (without the program's name), runs the command, and writes its
/// result and errors to the two streams. If standard output fails, the exit code is that of a station fault.
///
/// \param colour  whether the streams can show colours
/// \param stop    requested when a person or the system wants the command to end
ExitCode runProgram(std::span<const std::string> arguments, Output& output, Colour colour, const std::stop_token& stop);

} // namespace enroll::app::enrollctl
