#include "ui/theme/type_scale.h"

#include <QStringList>

#include <algorithm>
#include <cmath>

namespace enroll::ui {
namespace {

constexpr double kMillimetresPerInch = 25.4;
// The height of Inter's capital letters, as a fraction of the font size.
constexpr double kCapHeightOfInter = 0.727;
// A telephone's. No screen has more.
constexpr double kMostDotsPerInch = 600;

QFont fontOf(const QStringList& families, double pixels, QFont::Weight weight)
{
    QFont font;
    font.setFamilies(families);
    font.setPixelSize(static_cast<int>(std::lround(std::max(pixels, double{kSmallestText}))));
    font.setWeight(weight);
    return font;
}

} // namespace

double dotsPerInch(int pixels, std::optional<double> millimetres, double claimed) noexcept
{
    if (millimetres) {
        return pixels * kMillimetresPerInch / *millimetres;
    }
    constexpr double kFewest = 25; // a television's on a wall; a projector claims a width of nothing
    return claimed >= kFewest && claimed <= kMostDotsPerInch ? claimed : Viewing{}.dotsPerInch;
}

ScreenWidth judgeScreenWidth(int pixels, double millimetres) noexcept
{
    // From a panel of five inches to a wall.
    constexpr double kNarrowest = 100;
    constexpr double kWidest = 4000;
    if (!(millimetres >= kNarrowest) || dotsPerInch(pixels, millimetres, 0) > kMostDotsPerInch) {
        return ScreenWidth::TooNarrow;
    }
    return millimetres > kWidest ? ScreenWidth::TooWide : ScreenWidth::Plausible;
}

double pixelSize(double capMillimetres, const Viewing& viewing) noexcept
{
    return capMillimetres * viewing.distanceMetres * viewing.dotsPerInch / kMillimetresPerInch / kCapHeightOfInter;
}

QFont textFont(double pixels, QFont::Weight weight)
{
    return fontOf({QStringLiteral("Inter"), QStringLiteral("Noto Sans"), QStringLiteral("sans-serif")}, pixels, weight);
}

QFont monoFont(double pixels)
{
    return fontOf({QStringLiteral("Noto Sans Mono"), QStringLiteral("DejaVu Sans Mono"), QStringLiteral("monospace")},
                  pixels, QFont::Normal);
}

} // namespace enroll::ui
