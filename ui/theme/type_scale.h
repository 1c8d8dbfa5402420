#pragma once

#include <QFont>

#include <optional>

namespace enroll::ui {

/// Heights of capital letters in millimetres, for a person one metre from the screen. In millimetres and not in pixels,
/// so that texts are readable on any screen. Source: 16 to 22 minutes of arc (ISO 9241-303, "Character height").
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
/// Smaller ones cannot be read from there: 16 minutes of arc.
inline constexpr double kLeast = 4.65;
} // namespace cap

/// No text is smaller, however near it is read, in pixels.
inline constexpr int kSmallestText = 13;

/// How far people stand from the screen, and how many pixels the screen has on an inch.
struct Viewing {
    double distanceMetres = 1.0;
    /// Measured with a ruler: what screens report of themselves is often wrong.
    double dotsPerInch = 96.0;
    bool operator==(const Viewing&) const = default;
};

/// The pixels on an inch of a screen that is \p pixels wide and, by a ruler, \p millimetres; without a ruler, \p claimed is
/// what the screen says of itself. A claim that no screen has is not believed.
double dotsPerInch(int pixels, std::optional<double> millimetres, double claimed) noexcept;

/// Whether a screen of \p pixels, each of them counted, can have a picture of \p millimetres, or somebody measured something else.
enum class ScreenWidth { Plausible, TooNarrow, TooWide };
ScreenWidth judgeScreenWidth(int pixels, double millimetres) noexcept;

/// Font size in pixels whose capitals are \p capMillimetres high at one metre, for these viewing conditions.
double pixelSize(double capMillimetres, const Viewing& viewing) noexcept;

/// Inter (fallback Noto Sans) in pixels, never below the smallest readable size.
QFont textFont(double pixels, QFont::Weight weight = QFont::Normal);
/// Noto Sans Mono, for hexadecimal and identifiers.
QFont monoFont(double pixels);

} // namespace enroll::ui
