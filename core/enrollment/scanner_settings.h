#pragma once

#include "core/enrollment/serial_pattern.h"

#include <array>
#include <filesystem>
#include <optional>
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

/// What a code can be.
enum class CodeKind { Serial, Batch, Badge, Slot, Command };

/// The words of the configuration file: `[scanner] patterns`. A batch's are those of a work order, too.
inline constexpr std::array kCodeKindWords{
    std::pair{std::string_view{"serial"}, CodeKind::Serial},   std::pair{std::string_view{"batch"}, CodeKind::Batch},
    std::pair{std::string_view{"operator"}, CodeKind::Badge},  std::pair{std::string_view{"slot"}, CodeKind::Slot},
    std::pair{std::string_view{"command"}, CodeKind::Command},
};

constexpr std::string_view wordOf(CodeKind kind)
{
    return kCodeKindWords[static_cast<std::size_t>(kind)].first;
}

/// The key of the configuration, with its section: "scanner.patterns.batch".
inline std::string keyOf(CodeKind kind)
{
    return "scanner.patterns." + std::string{wordOf(kind)};
}

/// What the codes of a station look like, kind by kind: `[scanner] patterns`. None is set: an empty pattern.
class CodePatterns {
public:
    void set(CodeKind kind, SerialPattern pattern) { m_patterns[static_cast<std::size_t>(kind)] = std::move(pattern); }
    [[nodiscard]] const SerialPattern& of(CodeKind kind) const { return m_patterns[static_cast<std::size_t>(kind)]; }

    [[nodiscard]] bool has(CodeKind kind) const { return !of(kind).text().empty(); }
    /// True if \p kind has a pattern, and \p code fits it.
    [[nodiscard]] bool fits(CodeKind kind, std::string_view code) const { return has(kind) && of(kind).fits(code); }

    bool operator==(const CodePatterns&) const = default;

private:
    std::array<SerialPattern, kCodeKindWords.size()> m_patterns;
};

/// Bits a second that a serial line can have: `[scanner] baud`.
inline constexpr std::array kBaudRates{1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200};

/// A scanner that is read by the station itself, not through the keyboard: `[scanner] device`.
struct OwnScanner {
    std::filesystem::path device; ///< of a serial line, or of a keyboard's events
    std::string layout = {};      ///< the country that a scanner which types is set to: "us"; empty: a serial line
    int baud = 9600;              ///< one of kBaudRates, of a serial line; one over USB has none

    /// It works as a keyboard.
    [[nodiscard]] bool types() const noexcept { return !layout.empty(); }
    bool operator==(const OwnScanner&) const = default;
};

/// How the station's barcode scanner is set: `[scanner]`. core/station/scan_router.h and ui/run/scan_watch.h hold to it.
struct ScannerSettings {
    /// What it sends before each code, 0 to 8 ASCII signs that stand in no label.
    std::string prefix;
    ScanEnd end = ScanEnd::LineEnd;
    /// Characters, prefix included, that a code which ends by silence has at least, 4 to 6; fewer were typed by hand.
    int minLength = 6;
    CodePatterns patterns = {};
    std::optional<OwnScanner> own = {}; ///< none: the scanner works as a keyboard of the desktop
    bool operator==(const ScannerSettings&) const = default;
};

} // namespace enroll::enrollment
