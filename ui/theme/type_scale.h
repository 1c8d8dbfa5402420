#pragma once

#include <QFont>

namespace enroll::ui {

/// Heights of capitals in millimetres at one metre from the screen: what a person reads at that distance, whatever the
/// screen. Source: 16 to 22 minutes of arc (ISO 9241-303, "Character height").
namespace cap {
inline constexpr double kVerdictOne = 56.9;
inline constexpr double kVerdictTwo = 27.7;
inline constexpr double kVerdictFour = 18.5;
inline constexpr double kVerdictEight = 12.3;
inline constexpr double kVerdictSixteen = 9.2;
inline constexpr double kOneSlotText = 13.8;
inline constexpr double kSlotNumber = 10.8;
inline constexpr double kSerial = 7.7;
inline constexpr double kCode = 6.9;
inline constexpr double kScanMessage = 6.2;
inline constexpr double kInstruction = 5.8;
inline constexpr double kReason = 3.8;
inline constexpr double kFoot = 3.5;
} // namespace cap

/// Where people stand and what a millimetre is on this screen.
struct Viewing {
    double distanceMetres = 1.0;
    /// From a ruler, not from the screen's own claim, which is often wrong.
    double dotsPerInch = 96.0;
    bool operator==(const Viewing&) const = default;
};

/// Font size in pixels whose capitals are \p capMillimetres high at one metre, for these viewing conditions.
double pixelSize(double capMillimetres, const Viewing& viewing) noexcept;

/// Inter (fallback Noto Sans) in pixels, never below the smallest readable size.
QFont textFont(double pixels, QFont::Weight weight = QFont::Normal);
/// Noto Sans Mono, for hexadecimal and identifiers.
QFont monoFont(double pixels);

} // namespace enroll::ui
