#include "core/base/bytes.h"
#include "core/base/uuid.h"

#include <cstdlib>

/// The canonical text is canonical, and has a moment.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace enroll;
    const auto text = asText(std::as_bytes(std::span{data, size}));
    const auto uuid = parseUuidV7(text);
    if (uuid.ok() != timeOfUuidV7(text).ok()) {
        std::abort();
    }
    if (uuid.ok() && parseUuidV7(*uuid).value() != *uuid) {
        std::abort();
    }
    return 0;
}
