#pragma once

#include <QColor>
#include <QFont>
#include <QRectF>
#include <QString>

class QPainter;

namespace enroll::ui {

/// The font made small enough that \p text fits \p width on one line; never larger than given, never below
/// \p smallestPixels.
QFont fitLine(QFont font, const QString& text, double width, int smallestPixels);

/// The font made small enough that \p text, broken between words, fits \p box; never below \p smallestPixels.
QFont fitBlock(QFont font, const QString& text, const QSizeF& box, int smallestPixels);

/// The same text, but a line break never leaves its last word alone.
QString lastWordsTogether(QString text);

/// Height of \p text broken between words to \p width.
double blockHeight(const QFont& font, const QString& text, double width);

/// One line, cut with an ellipsis at the end if it must be.
void paintLine(QPainter& painter, const QRectF& box, const QString& text, const QFont& font, const QColor& colour,
               Qt::Alignment alignment = Qt::AlignLeft | Qt::AlignVCenter);

/// Lines broken between words, from the top of the box.
void paintBlock(QPainter& painter, const QRectF& box, const QString& text, const QFont& font, const QColor& colour);

} // namespace enroll::ui
