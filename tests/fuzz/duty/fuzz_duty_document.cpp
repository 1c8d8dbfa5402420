#include "db/duty/duty_document.h"

#include <cstdlib>

using namespace enroll;
using namespace enroll::db::duty;

/// What is read is written and read back the same, and a work order is one that can be scanned.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto duty = dutyFromText(std::as_bytes(std::span{data, size}));
    if (!duty.ok()) {
        return 0;
    }
    if (duty->duty.order && (duty->duty.order->batch.empty() || duty->duty.order->batch.text().size() > 64)) {
        std::abort();
    }
    const auto text = dutyText(*duty).toStdString();
    const auto again = dutyFromText(asBytes(text));
    if (!again.ok() || !(*again == *duty)) {
        std::abort();
    }
    return 0;
}
