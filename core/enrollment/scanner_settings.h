#pragma once

#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace enroll::enrollment {

/// What ends a scanned code: `[scanner] suffix`.
enum class ScanEnd {
    LineEnd, ///< Return, Enter, Tab or line feed
    Silence, ///< the scanner sends nothing behind a code: the code ends when no more characters come
};

/// The words of the configuration file.
inline constexpr std::array kScanEndWords{
    std::pair{std::string_view{"line-end"}, ScanEnd::LineEnd},
    std::pair{std::string_view{"none"}, ScanEnd::Silence},
};

constexpr std::string_view wordOf(ScanEnd end)
{
    return end == ScanEnd::LineEnd ? kScanEndWords[0].first : kScanEndWords[1].first;
}

/// How the station's barcode scanner is set: `[scanner]`. core/station/scan_router.h and ui/run/scan_bar.h hold to it.
struct ScannerSettings {
    /// What it sends before each code, 0 to 8 ASCII signs that stand in no label.
    std::string prefix;
    ScanEnd end = ScanEnd::LineEnd;
    /// Characters, prefix included, that a code which ends by silence has at least, 4 to 6; fewer were typed by hand.
    int minLength = 6;
    bool operator==(const ScannerSettings&) const = default;
};

} // namespace enroll::enrollment
