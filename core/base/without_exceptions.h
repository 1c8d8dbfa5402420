#pragma once

#include "core/base/result.h"
#include "core/base/station_code.h"

#include <exception>
#include <string>
#include <type_traits>

/// Exceptions (no memory, no thread left, a library that throws) end at the top of each thread: past it they would end
/// the process.
namespace enroll {

/// What \p work returns, a T or a Result of one. An exception becomes Error S-399 with its text; \p where names the
/// thread or the step.
template <class T, class Work>
Result<T> withoutExceptions(const char* where, Work&& work)
{
    try {
        if constexpr (std::is_void_v<decltype(work())>) {
            work();
            return {};
        } else {
            return work();
        }
    } catch (const std::exception& exception) {
        return makeError(StationCode::InternalFault, exception.what(), where);
    } catch (...) {
        return makeError(StationCode::InternalFault, "an exception without a text", where);
    }
}

/// Writes \p error to standard error: for a fault that nobody waits for.
void logFault(const Error& error) noexcept;

/// The top of the thread \p where: an exception that gets there is logged and ends the thread alone.
template <class Work>
void runThread(const char* where, Work&& work) noexcept
{
    if (const auto ended = withoutExceptions<void>(where, [&work] { work(); }); !ended.ok()) {
        logFault(ended.error());
    }
}

} // namespace enroll
