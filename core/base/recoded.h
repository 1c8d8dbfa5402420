#pragma once

#include "core/base/error.h"

namespace enroll {

/// \p error with the code that the caller's own readers know: what a file or a chip reports becomes, at the edge where
/// its meaning is known, a fault of the configuration, of the journal, of this key. All that explains it stays.
inline Error recoded(Error error, ErrorCode code)
{
    error.code = code;
    return error;
}

/// A success as it is, an error recoded().
template <class T>
[[nodiscard]] T recoded(T result, ErrorCode code) requires requires
{
    typename T::ErrorType;
}
{
    return result.ok() ? std::move(result) : T{recoded(std::move(result).error(), code)};
}

} // namespace enroll
