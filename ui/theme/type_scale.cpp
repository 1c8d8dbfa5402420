#include "ui/theme/type_scale.h"

#include <QStringList>

#include <algorithm>
#include <cmath>

namespace enroll::ui {
namespace {

constexpr double kMillimetresPerInch = 25.4;
// The height of Inter's capital letters, as a fraction of the font size.
constexpr double kCapHeightOfInter = 0.727;
constexpr double kSmallestPixels = 13.0;

QFont fontOf(const QStringList& families, double pixels, QFont::Weight weight)
{
    QFont font;
    font.setFamilies(families);
    font.setPixelSize(static_cast<int>(std::lround(std::max(pixels, kSmallestPixels))));
    font.setWeight(weight);
    return font;
}

} // namespace

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
