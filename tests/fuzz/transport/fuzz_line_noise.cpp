// Who else speaks on a serial line: what is recognised does not depend on how the text came, nor on when it is asked.

#include "core/base/bytes.h"
#include "core/transport/line_noise.h"

#include <algorithm>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace enroll;
    if (size == 0) {
        return 0;
    }
    const auto text = asText(std::as_bytes(std::span{data, size})).substr(1);
    transport::LineNoise whole;
    whole.take(text);
    transport::LineNoise parted;
    const std::size_t part = std::size_t{data[0]} + 1;
    for (std::size_t at = 0; at < text.size(); at += part) {
        parted.take(text.substr(at, part));
        static_cast<void>(parted.found());
    }
    if (parted != whole || parted.found() != whole.found()) {
        std::abort();
    }
    // A line end, and a prompt behind it, are recognised whatever came before.
    whole.take("\r\ngateway login: ");
    if (whole.found() != transport::LineTalk::LoginPrompt) {
        std::abort();
    }
    return 0;
}
