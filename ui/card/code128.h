#pragma once

#include <QRectF>

#include <string>

class QPainter;

namespace enroll::ui {

/// Paints \p text, 1 to 60 printable ASCII characters, as a barcode that fills \p area. The room that a scanner needs
/// free beside it, ten times its narrowest bar on either side, is the caller's.
/// \par Source   ISO/IEC 15417, "Code 128"
void paintCode128(QPainter& painter, const QRectF& area, const std::string& text);

} // namespace enroll::ui
