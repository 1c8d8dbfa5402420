#pragma once

#include "ui/run/tile_text.h"
#include "ui/theme/tokens.h"

class QPainter;

namespace enroll::ui {

/// The colours of a look: its verdict's pair, that of text where the record was rejected, or no fill.
struct LookColours {
    FillPair pair;
    bool filled = true;
};
LookColours coloursOf(TileLook look, const Tokens& tokens);
/// The shape beside the word, of a look that is about a verdict.
VerdictSymbol symbolOf(TileLook look);
/// The colour of a word without a fill: louder where a device is to be put in than where nothing is waited for.
QColor plainInk(const TileContent& content, const Tokens& tokens);
/// The colour of what stands where the serial number does: fainter where that is none.
QColor serialInk(const TileContent& content, const Tokens& tokens);
/// What stands beside the word: a ring while the slot runs, the record's symbol if that was rejected, else symbolOf().
void paintLookSymbol(QPainter& painter, const QRectF& box, const TileContent& content, const LookColours& colours);

/// A tile among others: frame, number and corner, band, serial, instruction, reason, foot.
void paintTile(QPainter& painter, const TileLayout& layout, const TileContent& content, const TileSizes& sizes,
               const Tokens& tokens);

/// The one tile of a station with one slot, filled with its verdict to be read across the aisle.
void paintPanel(QPainter& painter, const QRectF& frame, const TileContent& content, const Viewing& viewing,
                const Tokens& tokens);

/// Frame of a tile, a \p line wide: solid in the look's colour, or dashed without a fill.
void paintFrame(QPainter& painter, const QRectF& frame, double line, const LookColours& colours, const Tokens& tokens,
                const QColor& ground);
/// One part for each step; the current one is filled as far as is known, and outlined.
void paintSegments(QPainter& painter, const QRectF& box, const StepProgress& progress, const QColor& colour,
                   const QColor& track);
void paintHatch(QPainter& painter, const QRectF& box, const QColor& colour, double stripe);

} // namespace enroll::ui
