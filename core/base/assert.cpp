#include "core/base/assert.h"

#include <cstdio>
#include <cstdlib>

namespace enroll {

void assertionFailed(const char* expectation, SourceLocation where) noexcept
{
    std::fprintf(stderr, "%s:%d: program error: expected: %s\n", where.file, where.line, expectation);
    std::abort();
}

} // namespace enroll
