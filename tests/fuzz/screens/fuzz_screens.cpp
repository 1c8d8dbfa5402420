#include "db/screens/screens_file.h"

#include <cstdlib>

using namespace enroll;
using namespace enroll::db::screens;

/// What is read is written and read back the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto screens = screensFromText(std::as_bytes(std::span{data, size}));
    if (!screens.ok()) {
        return 0;
    }
    const auto again = screensFromText(asBytes(screensText(*screens).toStdString()));
    if (!again.ok() || !(*again == *screens)) {
        std::abort();
    }
    return 0;
}
