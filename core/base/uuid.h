#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"

#include <string>
#include <string_view>

namespace enroll {

/// A new UUID version 7 in lower-case text: 48 bits of Unix milliseconds, a 12-bit counter, 62 random bits.
///
/// Ids of one process rise strictly, also within a millisecond and when the clock steps back. Any thread.
/// \par Source   RFC 9562, "UUID Version 7" and "Monotonicity and Counters"
std::string makeUuidV7();

/// \p text in lower case if it is a UUID of version 7 (36 characters, dashes in place); else Error S-338.
Result<std::string> parseUuidV7(std::string_view text);

/// The time in the first 48 bits of a UUID version 7. Error S-338 if \p text is not one.
Result<UtcTime> timeOfUuidV7(std::string_view text);

} // namespace enroll
