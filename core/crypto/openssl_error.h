#pragma once

#include "core/base/error.h"

namespace enroll::crypto {

/// Makes an Error and drains this thread's OpenSSL error queue into it: `source` is the code of the oldest entry, the
/// trail holds the texts of all entries, oldest first. Draining matters: entries left behind would be blamed on the
/// next failing call.
Error opensslError(ErrorCode code, std::string what, std::string operation,
                   SourceLocation where = SourceLocation::current());

} // namespace enroll::crypto
