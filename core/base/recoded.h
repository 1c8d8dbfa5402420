#pragma once

#include "core/base/error.h"

namespace enroll {

/// \p error with another code; text, source and trail stay. For the place that knows what a low-level error means: that
/// a file cannot be read (S-332) becomes a fault of the configuration or of the journal.
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
