#pragma once

#include "core/base/error.h"

namespace enroll::crypto {

/// Drains OpenSSL's error queue of this thread into one Error: the first entry is `source`, the rest the trail.
Error opensslError(ErrorCode code, std::string what, std::string operation,
                   SourceLocation where = SourceLocation::current());

} // namespace enroll::crypto
