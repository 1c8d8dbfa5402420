#include "db/self_check/self_check_file.h"

#include <cstdlib>

using namespace enroll;
using namespace enroll::db::self_check;

/// What is read is written and read back the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto stamp = selfCheckFromText(std::as_bytes(std::span{data, size}));
    if (!stamp.ok()) {
        return 0;
    }
    const auto again = selfCheckFromText(asBytes(selfCheckText(*stamp).toStdString()));
    if (!again.ok() || !(*again == *stamp)) {
        std::abort();
    }
    return 0;
}
