#pragma once

#include "ui/theme/tokens.h"

#include <QRectF>

class QPainter;

namespace enroll::ui {

/// The shape that stands beside a verdict's word, always: the word and the shape are enough without the colour.
enum class VerdictSymbol { Pass, Fail, Hold, Station, Ready, Stopped };

/// Draws the shape in \p shape, and its inner mark (tick, cross, exclamation mark) in \p mark.
void paintVerdictSymbol(QPainter& painter, const QRectF& box, VerdictSymbol symbol, const QColor& shape,
                        const QColor& mark);

/// The same at 40 px and below, in a verdict's colours: the triangle gets a dark outline, for yellow on white has too
/// little contrast.
void paintSmallVerdictSymbol(QPainter& painter, const QRectF& box, VerdictSymbol symbol, const FillPair& colours);

/// \p fraction 0..1, clockwise from the top.
void paintProgressRing(QPainter& painter, const QRectF& box, const QColor& colour, double fraction);

/// How far a record has come: small, in ink, never in a verdict's colour or shape.
enum class RecordSymbol { None, Saved, Queued, Sent, Accepted, Rejected };
void paintRecordSymbol(QPainter& painter, const QRectF& box, RecordSymbol symbol, const QColor& colour);

/// "Station ready".
void paintTick(QPainter& painter, const QRectF& box, const QColor& colour);
void paintBarcode(QPainter& painter, const QRectF& box, const QColor& colour);

} // namespace enroll::ui
