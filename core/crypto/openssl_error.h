#pragma once

#include "core/base/error.h"

namespace enroll::crypto {

/// Drains OpenSSL's error queue of this thread into one Error: the first entry's code is `source`, the texts of all
/// entries are the trail, innermost first.
Error opensslError(ErrorCode code, std::string what, std::string operation,
                   SourceLocation where = SourceLocation::current());

} // namespace enroll::crypto
