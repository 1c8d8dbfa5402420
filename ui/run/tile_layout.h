#pragma once

#include "ui/theme/type_scale.h"

#include <QFont>
#include <QRectF>

namespace enroll::ui {

/// How many slots share the screen; each has its own proportions.
enum class Density { One, Two, Four, Eight, Sixteen };

/// 1, 2, 3-4, 5-8, 9 and more.
Density densityFor(int slots) noexcept;

/// Proportions of a tile in reference pixels (1920 x 1080, 96 dpi, one metre). Fonts by the height of their capitals.
struct TileDesign {
    QSizeF tile;
    double top;
    double band;
    double foot;
    double padding;
    double symbol;
    double symbolGap;
    double progressHeight;
    double verdictCap;
    double numberCap;
    double codeCap;
    double timeCap;
    double serialCap;
    double instructionCap;
    double reasonCap;
    double footCap;
};

/// Two, Four, Eight and Sixteen; One has a panel of its own.
const TileDesign& tileDesign(Density density);

/// A design brought to the size of a tile and to where people stand: sizes follow the viewing distance until the tile
/// is full.
class TileLayout {
public:
    TileLayout(const TileDesign& design, const QRectF& frame, const Viewing& viewing);

    [[nodiscard]] const TileDesign& design() const { return m_design; }
    [[nodiscard]] double px(double reference) const { return reference * m_scale; }
    [[nodiscard]] QFont font(double cap, QFont::Weight weight = QFont::Normal) const;

    [[nodiscard]] QRectF frame() const { return m_frame; }
    [[nodiscard]] QRectF top() const;
    [[nodiscard]] QRectF band() const;
    [[nodiscard]] QRectF body() const;
    [[nodiscard]] QRectF foot() const;
    /// The part of a row inside the paddings.
    [[nodiscard]] QRectF inner(const QRectF& row) const;

private:
    const TileDesign& m_design;
    QRectF m_frame;
    double m_scale;
};

} // namespace enroll::ui
