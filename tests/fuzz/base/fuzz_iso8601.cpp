#include "core/base/bytes.h"
#include "core/base/clock.h"

#include <cstdlib>

/// A time that is read is written and read back as the same moment, and with milliseconds as the same text.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace enroll;
    constexpr std::size_t kWithMilliseconds = 24;
    const auto text = asText(std::as_bytes(std::span{data, size}));
    const auto time = fromIso8601(text);
    if (!time.ok()) {
        return 0;
    }
    const auto again = fromIso8601(toIso8601(*time));
    if (!again.ok() || *again != *time || (size == kWithMilliseconds && toIso8601(*time) != text)) {
        std::abort();
    }
    return 0;
}
