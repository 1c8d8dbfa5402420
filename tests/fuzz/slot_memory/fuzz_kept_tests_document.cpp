#include "db/slot_memory/kept_tests_document.h"

#include <cstdlib>

using namespace enroll;
using namespace enroll::db::slot_memory;

/// What is read is written and read back the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto tests = keptTestsFromText(std::as_bytes(std::span{data, size}));
    if (tests.ok()) {
        const auto text = keptTestsText(*tests).toStdString();
        const auto again = keptTestsFromText(asBytes(text));
        if (!again.ok() || !(*again == *tests)) {
            std::abort();
        }
    }
    return 0;
}
