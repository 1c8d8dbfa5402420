#include "ui/theme/type_scale.h"

#include <QStringList>

#include <algorithm>
#include <cmath>

namespace enroll::ui {
namespace {

constexpr double kMillimetresPerInch = 25.4;
// The height of Inter's capital letters, as a fraction of the font size.
constexpr double kCapHeightOfInter = 0.727;

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
    // From a television on a wall to a telephone; a projector claims a width of nothing.
    constexpr double kFewest = 25;
    constexpr double kMost = 600;
    return claimed >= kFewest && claimed <= kMost ? claimed : Viewing{}.dotsPerInch;
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
