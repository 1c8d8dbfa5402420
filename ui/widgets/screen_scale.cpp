#include "ui/widgets/screen_scale.h"

#include <algorithm>

namespace enroll::ui {
namespace {

constexpr double kWidth = 1920;
constexpr double kHeight = 1080;
// Fonts have a smallest size. Below this factor it is reached, and rows that shrink further would not hold their text.
constexpr double kSmallest = 0.6;

} // namespace

ScreenScale::ScreenScale(const QSize& window, const Viewing& viewing)
{
    const auto wanted = pixelSize(1, viewing) / pixelSize(1, {});
    const auto room = std::min(window.width() / kWidth, window.height() / kHeight);
    m_scale = std::max(kSmallest, std::min(wanted, room));
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
