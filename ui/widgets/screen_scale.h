#pragma once

#include "ui/theme/type_scale.h"

#include <QFont>
#include <QSize>

#include <cmath>

namespace enroll::ui {

/// The factor by which texts and bars are larger or smaller than in the reference design, 1920 x 1080 pixels. They fill
/// their part of the window, and a little more of it where distance and resolution ask for larger texts.
class ScreenScale {
public:
    ScreenScale() = default;
    ScreenScale(const QSize& window, const Viewing& viewing);
    /// Their part of the window and no more, for what is read from the desk.
    static ScreenScale ofWindow(const QSize& window);
    /// A scale whose factor does not follow the window, for what is read from the desk.
    static ScreenScale fixed(double scale);

    [[nodiscard]] double px(double reference) const { return reference * m_scale; }
    [[nodiscard]] int whole(double reference) const { return static_cast<int>(std::lround(px(reference))); }
    /// A font of \p reference pixels.
    [[nodiscard]] QFont font(double reference, QFont::Weight weight = QFont::Normal) const;
    bool operator==(const ScreenScale&) const = default;

private:
    double m_scale = 1;
};

} // namespace enroll::ui
