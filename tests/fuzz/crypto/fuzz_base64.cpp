#include "core/crypto/base64.h"

#include <cstdlib>

/// One text for the same bytes: whatever is accepted is written back as it came.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace enroll;
    const auto input = std::as_bytes(std::span{data, size});
    const auto bytes = crypto::fromBase64(asText(input));
    if (bytes.ok() && crypto::toBase64(*bytes) != asText(input)) {
        std::abort();
    }
    const auto back = crypto::fromBase64(crypto::toBase64(input));
    if (!back.ok() || !equalBytes(*back, input)) {
        std::abort();
    }
    return 0;
}
