#pragma once

#include "ui/theme/type_scale.h"

#include <QFont>
#include <QRectF>

namespace enroll::ui {

/// How many slots share the screen; each has its own proportions.
enum class Density { One, Two, Four, Eight, Sixteen };

/// 1, 2, 3-4, 5-8, 9 and more.
Density densityFor(int slots) noexcept;

/// What gives way, so that the instruction can be read: the row of the slot's number, which then stands in the verdict's,
/// and the foot with the record.
enum class TileForm { Full, Flat, Bare };

/// Proportions of a tile in reference pixels (1920 x 1080, 96 dpi, one metre). Fonts by the height of their capitals.
struct TileDesign {
    QSizeF tile;
    double top; ///< 0: the tile is never Full
    double band;
    double flatBand; ///< where the slot's number stands in it
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

/// The line of a frame in a design brought to \p scale: 3 pixels, and never less.
double frameLine(double scale) noexcept;

/// A design brought to the size of a tile, which it fills, and to where people stand.
class TileLayout {
public:
    TileLayout(const TileDesign& design, const QRectF& frame, const Viewing& viewing, TileForm form = TileForm::Full);

    [[nodiscard]] const TileDesign& design() const { return m_design; }
    [[nodiscard]] bool isFlat() const { return m_form != TileForm::Full; }
    [[nodiscard]] bool hasFoot() const { return m_form != TileForm::Bare; }
    /// A length across the tile.
    [[nodiscard]] double px(double reference) const { return reference * m_across; }
    /// A length down the tile; texts follow it.
    [[nodiscard]] double down(double reference) const { return reference * m_down; }
    /// The width of the frame's line.
    [[nodiscard]] double line() const;
    [[nodiscard]] QFont font(double cap, QFont::Weight weight = QFont::Normal) const;
    /// Likewise, but never too small for the distance.
    [[nodiscard]] QFont readFont(double cap, QFont::Weight weight) const;
    /// The font size in pixels below which a text cannot be read from where people stand.
    [[nodiscard]] int least() const { return m_least; }

    /// By so much an instruction may be larger than in the design: a flat tile has room where the number would stand, and a
    /// high one below.
    [[nodiscard]] double growth() const;

    [[nodiscard]] QRectF frame() const { return m_frame; }
    [[nodiscard]] QRectF top() const;
    [[nodiscard]] QRectF band() const;
    [[nodiscard]] QRectF body() const;
    /// Of a Bare tile, where it would stand: the body takes its place.
    [[nodiscard]] QRectF foot() const;
    /// Where the slot's number stands, at the left of a flat tile's band.
    [[nodiscard]] QRectF numberCell() const;
    /// The part of a row inside the paddings.
    [[nodiscard]] QRectF inner(const QRectF& row) const;

private:
    [[nodiscard]] double lastRow() const { return m_frame.bottom() - line(); }

    const TileDesign& m_design;
    QRectF m_frame;
    TileForm m_form;
    double m_across;
    double m_down;
    int m_least;
};

} // namespace enroll::ui
