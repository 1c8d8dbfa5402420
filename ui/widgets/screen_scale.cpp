#include "ui/widgets/screen_scale.h"

#include <algorithm>

namespace enroll::ui {
namespace {

constexpr double kWidth = 1920;
constexpr double kHeight = 1080;
// Fonts have a smallest size. Below this factor it is reached, and rows that shrink further would not hold their text.
constexpr double kSmallest = 0.6;
// Bars that grow further leave the tiles too little.
constexpr double kMostGrowth = 1.25;

double roomIn(const QSize& window)
{
    return std::max(kSmallest, std::min(window.width() / kWidth, window.height() / kHeight));
}

} // namespace

ScreenScale::ScreenScale(const QSize& window, const Viewing& viewing)
{
    const auto wanted = pixelSize(1, viewing) / pixelSize(1, {});
    const auto room = roomIn(window);
    m_scale = std::clamp(wanted, room, room * kMostGrowth);
}

ScreenScale ScreenScale::ofWindow(const QSize& window)
{
    return fixed(roomIn(window));
}

ScreenScale ScreenScale::fixed(double scale)
{
    ScreenScale made;
    made.m_scale = scale;
    return made;
}

QFont ScreenScale::font(double reference, QFont::Weight weight) const
{
    return textFont(px(reference), weight);
}

} // namespace enroll::ui
