#pragma once

#include "core/base/result.h"

#include <cstdio>
#include <cstdlib>

namespace enroll::test {

/// The value of a Result that a test counts on; the test program ends with the reason if there is none.
template <class T>
T must(Result<T> result)
{
    if (!result.ok()) {
        std::fprintf(stderr, "test cannot go on: %s\n", describeForLog(result.error()).c_str());
        std::abort();
    }
    return std::move(result).value();
}

} // namespace enroll::test
