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

/// One line, cut with an ellipsis if it must be: at the end, or where \p cut says. Serials and addresses differ at
/// their ends, so they are cut in the middle.
void paintLine(QPainter& painter, const QRectF& box, const QString& text, const QFont& font, const QColor& colour,
               Qt::Alignment alignment = Qt::AlignLeft | Qt::AlignVCenter, Qt::TextElideMode cut = Qt::ElideRight);

/// The text without its last words, and with an ellipsis, if it does not fit \p box as it is.
QString cutBlock(const QFont& font, const QString& text, const QSizeF& box);

/// Lines broken between words, from the top of the box; cut with an ellipsis if they must be.
void paintBlock(QPainter& painter, const QRectF& box, const QString& text, const QFont& font, const QColor& colour);

} // namespace enroll::ui
