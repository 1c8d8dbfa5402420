#include "core/archive/cabinet.h"

#include <cstdlib>

/// A cabinet that somebody imports as trusted: what it gives stays within the bounds.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace enroll;
    using namespace enroll::archive;
    const auto cabinet = readCabinet(std::as_bytes(std::span{data, size}),
                                     [](std::string_view name) { return !name.ends_with(".ps1"); });
    if (!cabinet.ok()) {
        return 0;
    }
    std::size_t bytes = 0;
    for (const auto& entry : cabinet->entries) {
        const auto held = entry.content.ok() ? entry.content->size() : 0;
        bytes += held;
        if (held > kLargestEntry || bytes > kLargestContent || entry.name.empty()) {
            std::abort();
        }
    }
    if (cabinet->entries.size() > kMostEntries) {
        std::abort();
    }
    return 0;
}
