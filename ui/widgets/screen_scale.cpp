#include "ui/widgets/screen_scale.h"

#include <algorithm>

namespace enroll::ui {
namespace {

constexpr double kWidth = 1920;
constexpr double kHeight = 1080;
// Below this the smallest texts stop shrinking, so the rows must too.
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
