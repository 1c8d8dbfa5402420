#pragma once

#include "ui/theme/tokens.h"

#include <QRectF>

class QPainter;

namespace enroll::ui {

/// What is to be scanned: a badge with a portrait and a barcode, at the left of \p room and as high.
void paintBadge(QPainter& painter, const QRectF& room, const Tokens& tokens);

} // namespace enroll::ui
