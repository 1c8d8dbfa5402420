#pragma once

#include "core/base/error.h"

namespace enroll {

// The named ways to pass an error on as something else, at the edge where its meaning is known: what a file or a chip
// reports becomes a fault of the configuration, of the journal, of this key. All that explains the error stays.

/// \p error with the code that the caller's own readers know.
[[nodiscard]] inline Error recoded(Error error, ErrorCode code)
{
    error.code = code;
    return error;
}

/// \p error recoded() to \p code if its code is \p only, otherwise as it is.
[[nodiscard]] inline Error recodedIf(Error error, ErrorCode only, ErrorCode code)
{
    return error.code == only ? recoded(std::move(error), code) : error;
}

/// \p error with \p words, which say what was being done or where, before its own.
[[nodiscard]] inline Error prefixed(std::string_view words, Error error)
{
    error.what.insert(0, words);
    return error;
}

template <class T>
concept ResultWithError = std::same_as<typename T::ErrorType, Error>;

/// A success as it is, an error recoded().
template <ResultWithError T>
[[nodiscard]] T recoded(T result, ErrorCode code)
{
    return result.ok() ? std::move(result) : T{recoded(std::move(result).error(), code)};
}

/// A success as it is, an error as recodedIf() leaves it.
template <ResultWithError T>
[[nodiscard]] T recodedIf(T result, ErrorCode only, ErrorCode code)
{
    return result.ok() ? std::move(result) : T{recodedIf(std::move(result).error(), only, code)};
}

/// A success as it is, an error prefixed().
template <ResultWithError T>
[[nodiscard]] T prefixed(std::string_view words, T result)
{
    return result.ok() ? std::move(result) : T{prefixed(words, std::move(result).error())};
}

} // namespace enroll
