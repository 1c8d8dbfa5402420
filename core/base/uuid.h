#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"

#include <string>
#include <string_view>

namespace enroll {

/// A new UUID version 7: 48 bits of Unix milliseconds, then a counter that keeps ids of one process in order even
/// inside a millisecond or when the clock steps back, then random bits from the kernel. Lower-case text.
/// Safe from any thread. Source: RFC 9562, "UUID Version 7" and "Monotonicity and Counters".
std::string makeUuidV7();

/// The UUID in canonical lower-case text if \p text is one of version 7; Error S-332 otherwise.
Result<std::string> parseUuidV7(std::string_view text);

/// The moment a UUID version 7 was made, from its first 48 bits. Error S-332 if it is none.
Result<UtcTime> timeOfUuidV7(std::string_view text);

} // namespace enroll
