#pragma once

#include "ui/theme/type_scale.h"

#include <QFont>
#include <QSize>

namespace enroll::ui {

/// How large texts and bars are: as people stand, until the window is full. Reference pixels are
/// those of 1920 x 1080 at 96 dpi, read from one metre.
class ScreenScale {
public:
    ScreenScale() = default;
    ScreenScale(const QSize& window, const Viewing& viewing);
    /// The same in every window: for what is read from the desk.
    static ScreenScale fixed(double scale);

    [[nodiscard]] double px(double reference) const { return reference * m_scale; }
    [[nodiscard]] int whole(double reference) const { return static_cast<int>(px(reference) + 0.5); }
    /// A font of \p reference pixels.
    [[nodiscard]] QFont font(double reference, QFont::Weight weight = QFont::Normal) const;
    bool operator==(const ScreenScale&) const = default;

private:
    double m_scale = 1;
};

} // namespace enroll::ui
