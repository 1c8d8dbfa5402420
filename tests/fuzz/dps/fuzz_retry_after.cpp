#include "core/base/bytes.h"
#include "db/dps/http_message.h"

#include <cstdlib>

/// However a server words it, nobody waits less than no time or longer than an hour.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace enroll;
    using namespace std::chrono_literals;
    constexpr UtcTime kNow{1'795'464'000'000ms};
    const auto wait = db::dps::parseRetryAfter(asText(std::as_bytes(std::span{data, size})), kNow);
    if (wait && (*wait < 0s || *wait > 1h)) {
        std::abort();
    }
    return 0;
}
