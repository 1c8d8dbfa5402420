#include "ui/run/tile_painter.h"

#include "ui/widgets/fitted_text.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace enroll::ui {
namespace {

constexpr double kRadius = 8;
constexpr double kOutwards = 2; ///< of a marked frame: up to the focus ring, for nothing of the tile lies there

/// Paints one tile; the members save passing five values to every row.
class TilePainting {
public:
    TilePainting(QPainter& painter, const TileLayout& layout, const TileContent& content, const TileSizes& sizes,
                 const Tokens& tokens)
        : m_painter(painter), m_layout(layout), m_content(content), m_tokens(tokens),
          m_colours(coloursOf(content.look, tokens)), m_boxes(boxesFor(layout, content, sizes)), m_sizes(sizes)
    {}

    void paint()
    {
        paintFrame(m_painter, m_layout.frame(), m_layout.line(), m_colours, m_tokens, m_tokens.surface);
        paintBand();
        text(m_boxes.number, m_tokens.ink);
        text(m_boxes.corner, m_content.code ? m_tokens.ink : m_tokens.ink2);
        if (m_boxes.chip) {
            paintChip(*m_boxes.chip);
        }
        paintBody();
        if (m_sizes.foot) {
            paintFoot();
        }
        if (m_content.next) {
            paintMarkedFrame();
        }
    }

private:
    void text(const TextBox& what, const QColor& colour)
    {
        const bool lines = (what.alignment & Qt::AlignTop) != 0;
        lines ? paintBlock(m_painter, what.box, what.text, what.font, colour)
              : paintLine(m_painter, what.box, what.text, what.font, colour, what.alignment);
    }

    /// The next serial goes here: to be seen from where the devices are put in.
    void paintChip(const TextBox& chip)
    {
        m_painter.save();
        m_painter.setRenderHint(QPainter::Antialiasing);
        m_painter.setPen(m_layout.isFlat() ? QPen(m_tokens.surface, 1.5) : QPen(Qt::NoPen));
        m_painter.setBrush(m_tokens.ink);
        m_painter.drawRoundedRect(chip.box, kRadius / 2, kRadius / 2);
        m_painter.restore();
        text(chip, m_tokens.surface);
    }

    void paintMarkedFrame()
    {
        const auto width = 2 * m_layout.line();
        m_painter.save();
        m_painter.setRenderHint(QPainter::Antialiasing);
        m_painter.setPen(QPen(m_tokens.ink, width));
        m_painter.setBrush(Qt::NoBrush);
        const auto inset = width / 2 - kOutwards;
        m_painter.drawRoundedRect(m_layout.frame().adjusted(inset, inset, -inset, -inset), kRadius, kRadius);
        m_painter.restore();
    }

    void paintBand()
    {
        auto band = m_layout.band();
        band.setLeft(m_layout.isFlat() ? m_layout.numberCell().right() : band.left() + m_layout.line() / 2);
        band.setRight(band.right() - m_layout.line() / 2);
        if (m_colours.filled) {
            fillBand(band);
        } else if (!m_layout.isFlat()) {
            separator(band.top());
        }
        if (!m_colours.filled || m_layout.isFlat()) {
            separator(band.bottom());
        }
        paintLookSymbol(m_painter, m_boxes.symbol, m_content, m_colours);
        paintWord();
    }

    /// A flat tile's band touches the round corner of its frame.
    void fillBand(const QRectF& band)
    {
        QPainterPath inside;
        inside.addRoundedRect(m_layout.frame().adjusted(m_layout.line() / 2, m_layout.line() / 2, -m_layout.line() / 2,
                                                        -m_layout.line() / 2),
                              kRadius, kRadius);
        m_painter.save();
        m_painter.setRenderHint(QPainter::Antialiasing);
        m_painter.setClipPath(inside);
        m_painter.fillRect(band, m_colours.pair.fill);
        m_painter.restore();
    }

    void paintWord()
    {
        const auto& word = m_boxes.word;
        const auto colour = m_colours.filled ? m_colours.pair.on : plainInk(m_content, m_tokens);
        text(word, colour);
        if (m_content.look == TileLook::Fail) {
            const auto wordRight = word.box.left() + QFontMetricsF(word.font).horizontalAdvance(word.text);
            const auto end =
                m_boxes.chip && m_layout.isFlat() ? word.box.right() : m_layout.frame().right() - m_layout.line();
            const auto left = m_layout.frame().right() - m_layout.px(96);
            const auto clear = std::max(left, wordRight + m_layout.px(12));
            if (clear < end) {
                paintHatch(m_painter, {clear, word.box.top(), end - clear, word.box.height()}, colour, m_layout.px(6));
            }
        }
    }

    void paintBody()
    {
        text(m_boxes.serial, serialInk(m_content, m_tokens));
        text(m_boxes.instruction, m_tokens.ink);
        if (m_content.progress) {
            paintSegments(m_painter, m_boxes.bar, *m_content.progress, m_colours.pair.fill, m_tokens.track);
        }
        text(m_boxes.reason, m_tokens.ink2);
    }

    void paintFoot()
    {
        const auto foot = m_layout.foot();
        separator(foot.top());
        const auto row = m_layout.inner(foot);
        const auto font = m_layout.font(m_layout.design().footCap);
        auto left = row.left();
        for (const auto& mark : m_content.marks) {
            left = paintMark(mark, {left, row.top(), row.right() - left, row.height()}, font);
        }
        if (!m_content.record.isEmpty()) {
            paintLine(m_painter, row, m_content.record, font, m_tokens.ink2);
            left += QFontMetricsF(font).horizontalAdvance(m_content.record) + m_layout.px(16);
        }
        paintDevice({left, row.top(), row.right() - left, row.height()}, font);
    }

    /// A part of it names no device; it is then left out, and the detail shows it.
    void paintDevice(const QRectF& room, const QFont& font)
    {
        const auto fitted = fitLine(font, m_content.device, room.width(), kSmallestText);
        if (QFontMetricsF(fitted).horizontalAdvance(m_content.device) <= room.width()) {
            paintLine(m_painter, room, m_content.device, fitted, m_tokens.ink2, Qt::AlignRight | Qt::AlignVCenter);
        }
    }

    /// Returns where the next mark may begin.
    double paintMark(const RecordMark& mark, const QRectF& room, const QFont& font)
    {
        const auto side = font.pixelSize();
        const QRectF icon(room.left(), room.center().y() - side / 2.0, side, side);
        paintRecordSymbol(m_painter, icon, mark.symbol, m_tokens.ink2);
        const auto textLeft = icon.right() + m_layout.px(8);
        paintLine(m_painter, {textLeft, room.top(), room.right() - textLeft, room.height()}, mark.word, font,
                  m_tokens.ink2);
        return textLeft + QFontMetricsF(font).horizontalAdvance(mark.word) + m_layout.px(16);
    }

    void separator(double y)
    {
        const auto frame = m_layout.frame();
        m_painter.fillRect(QRectF(frame.left() + m_layout.line(), y, frame.width() - 2 * m_layout.line(), 1),
                           m_tokens.line);
    }

    QPainter& m_painter;
    const TileLayout& m_layout;
    const TileContent& m_content;
    const Tokens& m_tokens;
    LookColours m_colours;
    TileBoxes m_boxes;
    const TileSizes& m_sizes;
};

} // namespace

LookColours coloursOf(TileLook look, const Tokens& tokens)
{
    switch (look) {
    case TileLook::Running:
        return {tokens.running, true};
    case TileLook::Pass:
        return {tokens.pass, true};
    case TileLook::Fail:
        return {tokens.fail, true};
    case TileLook::Hold:
        return {tokens.hold, true};
    case TileLook::Station:
        return {tokens.station, true};
    case TileLook::Rejected: // no verdict's colour: it is the record that went wrong
    case TileLook::Whose:    // likewise: nothing was tested, and a person is asked
    case TileLook::NoAnswer: // likewise: nothing was tested
    case TileLook::Unknown:  // likewise
        return {{tokens.ink, tokens.surface}, true};
    case TileLook::Ready:
    case TileLook::Stopped:
        break;
    }
    return {{tokens.window, tokens.ready}, false};
}

VerdictSymbol symbolOf(TileLook look)
{
    switch (look) {
    case TileLook::Pass:
        return VerdictSymbol::Pass;
    case TileLook::Fail:
        return VerdictSymbol::Fail;
    case TileLook::Hold:
        return VerdictSymbol::Hold;
    case TileLook::Station:
        return VerdictSymbol::Station;
    case TileLook::Stopped:
        return VerdictSymbol::Stopped;
    case TileLook::Ready:
    case TileLook::Running:
    case TileLook::Rejected:
    case TileLook::Unknown:
        break;
    case TileLook::Whose:
        return VerdictSymbol::Asked;
    case TileLook::NoAnswer:
        return VerdictSymbol::Silent;
    }
    return VerdictSymbol::Empty;
}

QColor plainInk(const TileContent& content, const Tokens& tokens)
{
    if (content.look != TileLook::Ready) {
        return content.next ? tokens.ink : tokens.ink2;
    }
    return content.next || content.deviceIn ? tokens.ink : serialInk(content, tokens);
}

QColor serialInk(const TileContent& content, const Tokens& tokens)
{
    return content.serialRole == SerialRole::Serial ? tokens.ink : tokens.ink3;
}

void paintLookSymbol(QPainter& painter, const QRectF& box, const TileContent& content, const LookColours& colours)
{
    if (content.progress) {
        paintProgressRing(painter, box, colours.pair.on, content.progress->whole());
    } else if (content.look == TileLook::Rejected) {
        paintRecordSymbol(painter, box, RecordSymbol::Rejected, colours.pair.on);
    } else if (content.look == TileLook::Unknown) {
        paintRecordSymbol(painter, box, RecordSymbol::None, colours.pair.on);
    } else {
        const bool isWaiting = content.look == TileLook::Ready && content.serialRole == SerialRole::Serial;
        const auto symbol = content.deviceIn ? VerdictSymbol::Occupied
                            : isWaiting      ? VerdictSymbol::Ready
                                             : symbolOf(content.look);
        paintVerdictSymbol(painter, box, symbol, colours.pair.on, colours.pair.fill);
    }
}

void paintFrame(QPainter& painter, const QRectF& frame, double line, const LookColours& colours, const Tokens& tokens,
                const QColor& ground)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    auto pen = QPen(colours.filled ? colours.pair.fill : tokens.ready, line);
    if (!colours.filled) {
        pen.setCapStyle(Qt::FlatCap);
        pen.setDashPattern({2, 1.25});
    }
    painter.setPen(pen);
    painter.setBrush(colours.filled ? QBrush(ground) : QBrush(Qt::NoBrush));
    painter.drawRoundedRect(frame.adjusted(line / 2, line / 2, -line / 2, -line / 2), kRadius, kRadius);
    painter.restore();
}

void paintSegments(QPainter& painter, const QRectF& box, const StepProgress& progress, const QColor& colour,
                   const QColor& track)
{
    constexpr double kGap = 4;
    // Half of the line is clipped; a low bar keeps its middle, or an outline would look like a step that is done.
    const auto outline = std::min(4.0, box.height() / 2);
    const auto width = (box.width() - kGap * (progress.total - 1)) / progress.total;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    for (int step = 1; step <= progress.total; ++step) {
        QPainterPath part;
        part.addRoundedRect(QRectF(box.left() + (step - 1) * (width + kGap), box.top(), width, box.height()), 2, 2);
        painter.fillPath(part, step < progress.current ? colour : track);
        if (step == progress.current) {
            painter.save();
            painter.setClipPath(part);
            auto filled = part.boundingRect();
            filled.setWidth(width * progress.fraction.value_or(0));
            painter.fillRect(filled, colour);
            painter.strokePath(part, QPen(colour, outline));
            painter.restore();
        }
    }
    painter.restore();
}

void paintHatch(QPainter& painter, const QRectF& box, const QColor& colour, double stripe)
{
    auto ink = colour;
    ink.setAlphaF(0.55F);
    painter.save();
    painter.setClipRect(box, Qt::IntersectClip);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(ink, stripe, Qt::SolidLine, Qt::FlatCap));
    const auto pitch = stripe * 3 * 1.4142;
    const auto first = box.left() - box.height();
    const auto stripes = static_cast<int>(std::ceil((box.width() + 2 * box.height()) / pitch));
    for (int i = 0; i < stripes; ++i) {
        const auto x = first + i * pitch;
        painter.drawLine(QPointF(x - stripe, box.bottom() + stripe),
                         QPointF(x + box.height() + stripe, box.top() - stripe));
    }
    painter.restore();
}

void paintTile(QPainter& painter, const TileLayout& layout, const TileContent& content, const TileSizes& sizes,
               const Tokens& tokens)
{
    TilePainting(painter, layout, content, sizes, tokens).paint();
}

} // namespace enroll::ui
