#include "db/slot_memory/kept_tests_document.h"

#include <cstdlib>

using namespace enroll;
using namespace enroll::db::slot_memory;

namespace {

/// That of the seeds with a profile.
enrollment::ProductProfile profile()
{
    enrollment::ProductProfile product;
    product.stamp.sha256 = "ab12";
    if (auto pattern = enrollment::SerialPattern::compile("^GX-[0-9]{6}$"); pattern.ok()) {
        product.serialPattern = std::move(pattern).value();
    }
    return product;
}

/// Nothing else is shown on a tile.
bool isSound(const station::KeptTest& test, const enrollment::ProductProfile& product)
{
    if (!test.serial) {
        return !test.runId;
    }
    const enrollment::ProductProfile any;
    return enrollment::parseSerialNumber(test.serial->text(), test.profile == product.stamp.sha256 ? product : any)
        .ok();
}

} // namespace

/// What is read is written and read back the same, and each serial number is one that a station takes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const auto product = profile();
    const auto tests = keptTestsFromText(std::as_bytes(std::span{data, size}), product);
    if (tests.ok()) {
        for (const auto& [slot, test] : *tests) {
            if (!isSound(test, product)) {
                std::abort();
            }
        }
        const auto text = keptTestsText(*tests).toStdString();
        const auto again = keptTestsFromText(asBytes(text), product);
        if (!again.ok() || !(*again == *tests)) {
            std::abort();
        }
    }
    return 0;
}
