#pragma once

#include "core/base/result.h"
#include "core/base/secret_bytes.h"

#include <chrono>
#include <stop_token>

namespace enroll::system {

/// One line of a secret from \p descriptor, without its end: from a terminal, which shows nothing of it meanwhile, or from
/// what a script wrote into a pipe. Reads nothing behind the line. Blocks until the line ends, \p patience at most.
/// \par Errors   S-331: nothing was entered, it is longer than \p most bytes, no line came in time, \p stop was asked;
///               S-333: it cannot be read
Result<SecretBytes> readSecretLine(int descriptor, std::size_t most, std::chrono::milliseconds patience,
                                   const std::stop_token& stop);

} // namespace enroll::system
