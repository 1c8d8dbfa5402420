#include "ui/widgets/fitted_text.h"

#include <QFontMetricsF>
#include <QPainter>

#include <cmath>

namespace enroll::ui {
namespace {

constexpr auto kWrap = Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap;
constexpr double kNoLimit = 100'000;
constexpr QChar kEllipsis(0x2026);

} // namespace

QFont fitLine(QFont font, const QString& text, double width, int smallestPixels)
{
    const auto wanted = QFontMetricsF(font).horizontalAdvance(text);
    if (wanted > width && wanted > 0) {
        font.setPixelSize(std::max(smallestPixels, static_cast<int>(std::floor(font.pixelSize() * width / wanted))));
    }
    return font;
}

bool fitsBlock(const QFont& font, const QString& text, const QSizeF& box)
{
    const auto used = QFontMetricsF(font).boundingRect(QRectF(0, 0, box.width(), kNoLimit), kWrap, text);
    return used.height() <= box.height() && used.width() <= box.width();
}

QFont fitBlock(QFont font, const QString& text, const QSizeF& box, int smallestPixels)
{
    if (font.pixelSize() <= smallestPixels || fitsBlock(font, text, box)) {
        return font;
    }
    auto fits = smallestPixels; // or nothing does
    for (auto tooLarge = font.pixelSize(); tooLarge - fits > 1;) {
        const auto middle = (fits + tooLarge) / 2;
        font.setPixelSize(middle);
        (fitsBlock(font, text, box) ? fits : tooLarge) = middle;
    }
    font.setPixelSize(fits);
    return font;
}

QString lastWordsTogether(QString text)
{
    const auto last = text.lastIndexOf(QLatin1Char(' '));
    if (last > 0 && text.lastIndexOf(QLatin1Char(' '), last - 1) > 0) { // two words may stand on two lines
        text[last] = QChar(QChar::Nbsp);
    }
    return text;
}

double blockHeight(const QFont& font, const QString& text, double width)
{
    return QFontMetricsF(font).boundingRect(QRectF(0, 0, width, kNoLimit), kWrap, text).height();
}

void paintLine(QPainter& painter, const QRectF& box, const QString& text, const QFont& font, const QColor& colour,
               Qt::Alignment alignment, Qt::TextElideMode cut)
{
    painter.setFont(font);
    painter.setPen(colour);
    const auto shown = QFontMetricsF(font).elidedText(text, cut, std::ceil(box.width()) + 1);
    painter.drawText(box, static_cast<int>(alignment) | Qt::TextSingleLine | Qt::TextDontClip, shown);
}

QString cutBlock(const QFont& font, const QString& text, const QSizeF& box)
{
    // Font metrics are rounded, so a text that fits may seem a pixel or two larger than the box.
    const QSizeF room(box.width() + 1, box.height() + 2);
    auto shown = text;
    while (!fitsBlock(font, shown, room)) {
        const auto words = shown.chopped(shown.endsWith(kEllipsis) ? 1 : 0);
        const auto last = std::max(words.lastIndexOf(QLatin1Char(' ')), words.lastIndexOf(QLatin1Char('\n')));
        if (last <= 0) {
            break;
        }
        shown = words.left(last) + kEllipsis;
    }
    return shown;
}

void paintBlock(QPainter& painter, const QRectF& box, const QString& text, const QFont& font, const QColor& colour)
{
    painter.setFont(font);
    painter.setPen(colour);
    painter.drawText(box, static_cast<int>(kWrap) | Qt::TextDontClip, cutBlock(font, text, box.size()));
}

} // namespace enroll::ui
