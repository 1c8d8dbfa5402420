#pragma once

#include "core/base/source_location.h"

namespace enroll {

/// Writes what was expected, and where, to standard error and ends the process with SIGABRT. No allocation, any thread.
[[noreturn]] void assertionFailed(const char* expectation, SourceLocation where) noexcept;

} // namespace enroll

/// Ends the process if \p condition is false. For mistakes of the program alone: what a device, a file, a peer or a
/// person did wrong is an Error. Checked in every build type, because a wrong program that goes on could show a false
/// PASS.
#define ENROLL_ASSERT(condition, expectation)                                                                          \
    ((condition) ? static_cast<void>(0) : ::enroll::assertionFailed((expectation), ::enroll::SourceLocation::current()))
