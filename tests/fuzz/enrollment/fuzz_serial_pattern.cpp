// Serial patterns: the first line is the pattern, the rest the serial number. No pattern holds the station up, and one
// that is accepted fits the same texts as the same pattern in a group.

#include "core/base/bytes.h"
#include "core/enrollment/serial_pattern.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace enroll;
    using enrollment::SerialPattern;
    const auto input = asText(std::as_bytes(std::span{data, size}));
    const auto lineEnd = input.find('\n');
    const std::string text{input.substr(0, lineEnd)};
    const auto pattern = SerialPattern::compile(text);
    if (!pattern.ok() || text.empty() || text.size() > 250 || lineEnd == std::string_view::npos) {
        return 0;
    }
    const auto group = SerialPattern::compile("(?:" + text + ")");
    const auto serial = input.substr(lineEnd + 1, 64);
    if (group.ok() && group->fits(serial) != pattern->fits(serial)) {
        std::abort();
    }
    return 0;
}
