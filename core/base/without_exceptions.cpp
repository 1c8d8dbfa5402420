#include "core/base/without_exceptions.h"

#include <cstdio>

namespace enroll {

void logFault(const Error& error) noexcept
{
    try {
        std::fprintf(stderr, "%s\n", describeForLog(error).c_str());
    } catch (...) { // no memory for the line
        std::fputs("S-399: a fault that cannot be described\n", stderr);
    }
}

} // namespace enroll
