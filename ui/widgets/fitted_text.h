#pragma once

#include <QColor>
#include <QFont>
#include <QRectF>
#include <QString>

class QPainter;

namespace enroll::ui {

/// \p font, made smaller until \p text fits \p width pixels on one line, but not below \p smallestPixels.
QFont fitLine(QFont font, const QString& text, double width, int smallestPixels);

/// \p font, made smaller until \p text, broken between words, fits \p box, but not below \p smallestPixels.
QFont fitBlock(QFont font, const QString& text, const QSizeF& box, int smallestPixels);

/// Whether \p text, broken between words, fits \p box whole.
bool fitsBlock(const QFont& font, const QString& text, const QSizeF& box);

/// \p text with a no-break space before its last word, so that a line break does not leave that word alone.
QString lastWordsTogether(QString text);

/// The height of \p text, broken between words to \p width.
double blockHeight(const QFont& font, const QString& text, double width);

/// Paints one line; a text that is too long gets an ellipsis at the place \p cut. Serial numbers and addresses differ
/// at their ends, so cut those in the middle.
void paintLine(QPainter& painter, const QRectF& box, const QString& text, const QFont& font, const QColor& colour,
               Qt::Alignment alignment = Qt::AlignLeft | Qt::AlignVCenter, Qt::TextElideMode cut = Qt::ElideRight);

/// \p text if it fits \p box, else as many of its words as fit and an ellipsis.
QString cutBlock(const QFont& font, const QString& text, const QSizeF& box);

/// Paints \p text from the top of the box, broken between words and cut as by cutBlock().
void paintBlock(QPainter& painter, const QRectF& box, const QString& text, const QFont& font, const QColor& colour);

} // namespace enroll::ui
