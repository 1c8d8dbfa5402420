#include "ui/widgets/fitted_text.h"

#include <QFontMetricsF>
#include <QPainter>

#include <cmath>

namespace enroll::ui {
namespace {

constexpr auto kWrap = Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap;
constexpr double kNoLimit = 100'000;

bool fits(const QFont& font, const QString& text, const QSizeF& box)
{
    const auto used = QFontMetricsF(font).boundingRect(QRectF(0, 0, box.width(), kNoLimit), kWrap, text);
    return used.height() <= box.height() && used.width() <= box.width();
}

} // namespace

QFont fitLine(QFont font, const QString& text, double width, int smallestPixels)
{
    const auto wanted = QFontMetricsF(font).horizontalAdvance(text);
    if (wanted > width && wanted > 0) {
        font.setPixelSize(std::max(smallestPixels, static_cast<int>(std::floor(font.pixelSize() * width / wanted))));
    }
    return font;
}

QFont fitBlock(QFont font, const QString& text, const QSizeF& box, int smallestPixels)
{
    while (font.pixelSize() > smallestPixels && !fits(font, text, box)) {
        font.setPixelSize(font.pixelSize() - 1);
    }
    return font;
}

QString lastWordsTogether(QString text)
{
    const auto last = text.lastIndexOf(QLatin1Char(' '));
    if (last > 0 && text.lastIndexOf(QLatin1Char(' '), last - 1) > 0) { // of two words none is left over
        text[last] = QChar(QChar::Nbsp);
    }
    return text;
}

double blockHeight(const QFont& font, const QString& text, double width)
{
    return QFontMetricsF(font).boundingRect(QRectF(0, 0, width, kNoLimit), kWrap, text).height();
}

void paintLine(QPainter& painter, const QRectF& box, const QString& text, const QFont& font, const QColor& colour,
               Qt::Alignment alignment)
{
    painter.setFont(font);
    painter.setPen(colour);
    const auto cut = QFontMetricsF(font).elidedText(text, Qt::ElideRight, std::ceil(box.width()) + 1);
    painter.drawText(box, static_cast<int>(alignment) | Qt::TextSingleLine | Qt::TextDontClip, cut);
}

void paintBlock(QPainter& painter, const QRectF& box, const QString& text, const QFont& font, const QColor& colour)
{
    painter.setFont(font);
    painter.setPen(colour);
    painter.drawText(box, static_cast<int>(kWrap), text);
}

} // namespace enroll::ui
