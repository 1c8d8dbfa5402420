#pragma once

#include "ui/theme/tokens.h"

#include <QRectF>

class QPainter;

namespace enroll::ui {

/// The shape beside the word of a verdict. It is always drawn, so that word and shape tell the verdict without the
/// colour.
enum class VerdictSymbol { Pass, Fail, Hold, Station, Empty, Ready, Occupied, Stopped, Asked, Silent };

/// Draws the shape in \p shape, and its inner mark (tick, cross, exclamation mark) in \p mark.
void paintVerdictSymbol(QPainter& painter, const QRectF& box, VerdictSymbol symbol, const QColor& shape,
                        const QColor& mark);

/// Draws the shape at 40 px and below, in the colours of a verdict. The yellow triangle gets a dark outline, because
/// yellow on white has too little contrast.
void paintSmallVerdictSymbol(QPainter& painter, const QRectF& box, VerdictSymbol symbol, const FillPair& colours);

/// Draws \p fraction (0 to 1) of a ring, clockwise from the top.
void paintProgressRing(QPainter& painter, const QRectF& box, const QColor& colour, double fraction);

/// The state of an enrollment record: small and in the colour of text, so that nobody takes it for a verdict.
enum class RecordSymbol { None, Saved, Queued, Accepted, Rejected };
void paintRecordSymbol(QPainter& painter, const QRectF& box, RecordSymbol symbol, const QColor& colour);

/// The tick beside "Station ready".
void paintTick(QPainter& painter, const QRectF& box, const QColor& colour);
void paintBarcode(QPainter& painter, const QRectF& box, const QColor& colour);

} // namespace enroll::ui
