#include "core/base/bytes.h"
#include "core/station/scan_router.h"

#include <algorithm>
#include <cstdlib>

namespace {

using namespace enroll;
using namespace enroll::station;

/// A station with a form for each kind of codes, and a scanner that sends a prefix and no end.
const ScanRouter& router()
{
    static const auto kRouter = [] {
        using enum enrollment::CodeKind;
        enrollment::ScannerSettings settings;
        settings.prefix = "~";
        settings.end = enrollment::ScanEnd::Silence;
        const std::pair<enrollment::CodeKind, const char*> patterns[]{{Serial, "[A-Z]{2}-[0-9]{4,6}"},
                                                                      {Batch, "WO-[0-9]{4}"},
                                                                      {Badge, "B[0-9]{5}"},
                                                                      {Slot, "POS[0-9]+"},
                                                                      {Command, "CMD.*"}};
        for (const auto& [kind, text] : patterns) {
            settings.patterns.set(kind, enrollment::SerialPattern::compile(text).value());
        }
        return ScanRouter{settings, CommandCodes::of(enrollment::StationId{"ST-07"}).value()};
    }();
    return kRouter;
}

} // namespace

/// What a scanner types: a serial number is one code of its form and of no other kind, and the same text stands in the scan.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto text = asText(std::as_bytes(std::span{data, size}));
    for (const auto pace : {EntryWay::Pace::ByHand, EntryWay::Pace::Scanner, EntryWay::Pace::Mixed}) {
        const auto code = router().read(text, {.pace = pace, .capsLock = size % 2 == 0});
        const auto* serial = code.ok() ? std::get_if<SerialCode>(&*code) : nullptr;
        if (code.ok() && pace == EntryWay::Pace::Mixed) {
            std::abort();
        }
        if (serial == nullptr) {
            continue;
        }
        const auto& patterns = router().settings().patterns;
        if (!patterns.fits(enrollment::CodeKind::Serial, serial->text) ||
            patterns.fits(enrollment::CodeKind::Batch, serial->text) ||
            text.find(serial->text) == std::string_view::npos) {
            std::abort();
        }
    }
    return 0;
}
