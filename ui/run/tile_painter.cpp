#include "ui/run/tile_painter.h"

#include "ui/widgets/fitted_text.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace enroll::ui {
namespace {

constexpr double kFrame = 3;
constexpr double kRadius = 8;
constexpr int kSmallest = 13;
constexpr int kLongSerial = 2; ///< a serial shrinks to this part of its size before it is cut
constexpr double kClearOfFoot = 11;

/// Paints one tile; the members save passing five values to every row.
class TilePainting {
public:
    TilePainting(QPainter& painter, const TileLayout& layout, const TileContent& content, const Tokens& tokens)
        : m_painter(painter), m_layout(layout), m_content(content), m_tokens(tokens),
          m_colours(coloursOf(content.look, tokens))
    {}

    void paint()
    {
        paintFrame(m_painter, m_layout.frame(), m_colours, m_tokens, m_tokens.surface);
        paintTop();
        paintBand();
        paintBody();
        paintFoot();
        if (m_content.next) {
            paintMarkedFrame();
        }
    }

private:
    void paintTop()
    {
        const auto row = m_layout.inner(m_layout.top());
        const auto& design = m_layout.design();
        const auto number = m_layout.font(design.numberCap, QFont::Bold);
        const auto slot = QString::number(m_content.slot);
        paintLine(m_painter, row, slot, number, m_tokens.ink);
        const auto code = m_content.code.has_value();
        const auto wanted = code ? m_layout.font(design.codeCap, QFont::Bold) : m_layout.font(design.timeCap);
        auto right = row.right();
        if (m_content.next && m_content.word != nextWord()) {
            right = paintNextMark(row);
        }
        const auto left = row.left() + QFontMetricsF(number).horizontalAdvance(slot) + m_layout.px(12);
        const auto corner = fitLine(wanted, m_content.corner, right - left, kSmallest);
        paintLine(m_painter, {left, row.top(), right - left, row.height()}, m_content.corner, corner,
                  code ? m_tokens.ink : m_tokens.ink2, Qt::AlignRight | Qt::AlignVCenter);
    }

    /// The next serial goes here: to be seen from where the devices are put in. Returns where the rest of the row ends.
    double paintNextMark(const QRectF& row)
    {
        const auto font = m_layout.font(m_layout.design().codeCap, QFont::ExtraBold);
        const QFontMetricsF metrics(font);
        const auto width = metrics.horizontalAdvance(nextWord()) + m_layout.px(32);
        const auto height = std::min(row.height() - m_layout.px(12), metrics.height() + m_layout.px(8));
        const QRectF chip(row.right() - width, row.center().y() - height / 2, width, height);
        m_painter.save();
        m_painter.setRenderHint(QPainter::Antialiasing);
        m_painter.setPen(Qt::NoPen);
        m_painter.setBrush(m_tokens.ink);
        m_painter.drawRoundedRect(chip, kRadius / 2, kRadius / 2);
        m_painter.restore();
        paintLine(m_painter, chip, nextWord(), font, m_tokens.surface, Qt::AlignCenter);
        return chip.left() - m_layout.px(16);
    }

    void paintMarkedFrame()
    {
        const auto width = 2 * kFrame;
        m_painter.save();
        m_painter.setRenderHint(QPainter::Antialiasing);
        m_painter.setPen(QPen(m_tokens.ink, width));
        m_painter.setBrush(Qt::NoBrush);
        const auto inset = width / 2;
        m_painter.drawRoundedRect(m_layout.frame().adjusted(inset, inset, -inset, -inset), kRadius, kRadius);
        m_painter.restore();
    }

    void paintBand()
    {
        const auto band = m_layout.band();
        if (m_colours.filled) {
            m_painter.fillRect(band.adjusted(kFrame / 2, 0, -kFrame / 2, 0), m_colours.pair.fill);
        } else {
            separator(band.top());
            separator(band.bottom());
        }
        const auto row = m_layout.inner(band);
        const auto side = std::min(m_layout.px(m_layout.design().symbol), band.height());
        const QRectF symbol(row.left(), row.center().y() - side / 2, side, side);
        paintLookSymbol(m_painter, symbol, m_content, m_colours);
        const auto wordLeft = symbol.right() + m_layout.px(m_layout.design().symbolGap);
        paintWord({wordLeft, band.top(), row.right() - wordLeft, band.height()});
    }

    void paintWord(const QRectF& box)
    {
        auto font = m_layout.font(m_layout.design().verdictCap, QFont::ExtraBold);
        font.setLetterSpacing(QFont::AbsoluteSpacing, -m_layout.px(1));
        font = fitLine(font, m_content.word, box.width(), kSmallest);
        const auto plain = m_content.next ? m_tokens.ink : m_tokens.ink2;
        const auto colour = m_colours.filled ? m_colours.pair.on : plain;
        paintLine(m_painter, box, m_content.word, font, colour);
        if (m_content.look == TileLook::Fail) {
            const auto wordRight = box.left() + QFontMetricsF(font).horizontalAdvance(m_content.word);
            const auto left = m_layout.frame().right() - m_layout.px(96);
            const auto clear = std::max(left, wordRight + m_layout.px(12));
            const auto right = m_layout.frame().right() - kFrame;
            if (clear < right) {
                paintHatch(m_painter, {clear, box.top(), right - clear, box.height()}, colour, m_layout.px(6));
            }
        }
    }

    void paintBody()
    {
        const auto body = m_layout.inner(m_layout.body());
        const auto& design = m_layout.design();
        const auto placeholder = m_content.serialRole == SerialRole::Placeholder;
        const auto gap = m_layout.px(design.reasonCap > 0 ? 12 : 4);
        const auto wanted = m_layout.font(design.serialCap, QFont::DemiBold);
        // As high for a long serial as for a short one, so that what stands below stands where it always does.
        auto serialRow = QRectF(body.left(), body.top() + gap, body.width(), QFontMetricsF(wanted).height());
        serialRow.setRight(paintBefore(serialRow));
        const auto serial =
            fitLine(wanted, m_content.serial, serialRow.width(), std::max(kSmallest, wanted.pixelSize() / kLongSerial));
        paintLine(m_painter, serialRow, m_content.serial, serial, placeholder ? m_tokens.ink3 : m_tokens.ink,
                  Qt::AlignLeft | Qt::AlignVCenter, Qt::ElideMiddle);
        const auto top = serialRow.bottom() + m_layout.px(design.reasonCap > 0 ? 6 : 2);
        const QRectF rest(body.left(), top, body.width(), body.bottom() - m_layout.px(kClearOfFoot) - top);
        m_content.progress ? paintProgress(rest) : paintInstruction(rest);
    }

    /// Where a tile has no reason, what it says of a restart stands beside its serial. Returns where the rest of the row
    /// ends.
    double paintBefore(const QRectF& row)
    {
        if (m_content.before.isEmpty() || m_layout.design().reasonCap > 0) {
            return row.right();
        }
        const auto font = fitLine(m_layout.font(m_layout.design().footCap), m_content.before, row.width(), kSmallest);
        paintLine(m_painter, row, m_content.before, font, m_tokens.ink2, Qt::AlignRight | Qt::AlignVCenter);
        return row.right() - QFontMetricsF(font).horizontalAdvance(m_content.before) - m_layout.px(12);
    }

    /// The reason, and in a line above it whether the result is from before a restart.
    [[nodiscard]] QString why() const
    {
        const auto reason = lastWordsTogether(m_content.reason);
        return m_content.before.isEmpty() ? reason : m_content.before + QLatin1Char('\n') + reason;
    }

    void paintInstruction(const QRectF& box)
    {
        const auto& design = m_layout.design();
        auto text = lastWordsTogether(m_content.instruction);
        const auto wanted = m_layout.font(design.instructionCap, QFont::DemiBold);
        if (design.reasonCap <= 0) {
            text.replace(QLatin1Char('\n'), QLatin1Char(' '));
            paintBlock(m_painter, box, text, fitBlock(wanted, text, box.size(), kSmallest), m_tokens.ink);
            return;
        }
        const auto why = this->why();
        auto reason = reasonFont(why, box.width());
        auto reasonRoom = roomForReason(reason, why, box.width());
        const auto roomBesideIt = [&] { return QSizeF(box.width(), box.height() - reasonRoom - m_layout.px(6)); };
        auto instruction = fitBlock(wanted, text, roomBesideIt(), kSmallest);
        if (instruction.pixelSize() < wanted.pixelSize()) { // it is read from afar, the reason from near
            reason.setPixelSize(kSmallest);
            reasonRoom = roomForReason(reason, why, box.width());
            instruction = fitBlock(wanted, text, roomBesideIt(), kSmallest);
        }
        const auto room = roomBesideIt();
        paintBlock(m_painter, {box.topLeft(), room}, text, instruction, m_tokens.ink);
        const auto used = blockHeight(instruction, text, box.width()) + m_layout.px(4);
        const auto below =
            box.adjusted(0, used, 0, 0); // where the instruction became smaller, more is left than was kept
        const auto size = fitBlock(reasonFont(why, box.width()), why, below.size(), kSmallest);
        paintBlock(m_painter, below, why, size, m_tokens.ink2);
    }

    [[nodiscard]] static double roomForReason(const QFont& font, const QString& why, double width)
    {
        const auto most = static_cast<double>(2 + why.count(QLatin1Char('\n')));
        return why.isEmpty() ? 0 : std::min(blockHeight(font, why, width), most * QFontMetricsF(font).lineSpacing());
    }

    /// Small enough that each of its lines stays one if that can be read, so that the instruction above keeps its size.
    [[nodiscard]] QFont reasonFont(const QString& why, double width) const
    {
        const auto wanted = m_layout.font(m_layout.design().reasonCap);
        const auto lines = why.split(QLatin1Char('\n'));
        const auto widest = *std::ranges::max_element(
            lines, {}, [&](const QString& line) { return QFontMetricsF(wanted).horizontalAdvance(line); });
        const auto small = fitLine(wanted, widest, width, kSmallest);
        return QFontMetricsF(small).horizontalAdvance(widest) <= width ? small : wanted;
    }

    void paintProgress(const QRectF& box)
    {
        const auto& design = m_layout.design();
        const auto step = fitLine(m_layout.font(design.instructionCap, QFont::DemiBold), m_content.instruction,
                                  box.width(), kSmallest);
        const QRectF stepRow(box.left(), box.top(), box.width(), QFontMetricsF(step).height());
        paintLine(m_painter, stepRow, m_content.instruction, step, m_tokens.ink);
        const auto gap = m_layout.px(design.reasonCap > 0 ? 8 : 4);
        const QRectF bar(box.left(), stepRow.bottom() + gap, box.width(), m_layout.px(design.progressHeight));
        paintSegments(m_painter, bar, *m_content.progress, m_colours.pair.fill, m_tokens.track);
        if (design.reasonCap > 0) {
            const auto reason = m_layout.font(design.reasonCap);
            const QRectF row(box.left(), bar.bottom() + m_layout.px(6), box.width(), QFontMetricsF(reason).height());
            paintLine(m_painter, row, m_content.reason, reason, m_tokens.ink2);
        }
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

    /// What is cut by more than a third names no device any more; it is then left out.
    void paintDevice(const QRectF& room, const QFont& font)
    {
        if (room.width() > QFontMetricsF(font).horizontalAdvance(m_content.device) * 2 / 3) {
            paintLine(m_painter, room, m_content.device, font, m_tokens.ink2, Qt::AlignRight | Qt::AlignVCenter,
                      Qt::ElideMiddle);
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
        m_painter.fillRect(QRectF(frame.left() + kFrame, y, frame.width() - 2 * kFrame, 1), m_tokens.line);
    }

    QPainter& m_painter;
    const TileLayout& m_layout;
    const TileContent& m_content;
    const Tokens& m_tokens;
    LookColours m_colours;
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
    case TileLook::Whose:
        break;
    }
    return VerdictSymbol::Ready;
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
        paintVerdictSymbol(painter, box, symbolOf(content.look), colours.pair.on, colours.pair.fill);
    }
}

void paintFrame(QPainter& painter, const QRectF& frame, const LookColours& colours, const Tokens& tokens,
                const QColor& ground)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    auto pen = QPen(colours.filled ? colours.pair.fill : tokens.ready, kFrame);
    if (!colours.filled) {
        pen.setCapStyle(Qt::FlatCap);
        pen.setDashPattern({2, 1.25});
    }
    painter.setPen(pen);
    painter.setBrush(colours.filled ? QBrush(ground) : QBrush(Qt::NoBrush));
    painter.drawRoundedRect(frame.adjusted(kFrame / 2, kFrame / 2, -kFrame / 2, -kFrame / 2), kRadius, kRadius);
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

void paintTile(QPainter& painter, const TileLayout& layout, const TileContent& content, const Tokens& tokens)
{
    TilePainting(painter, layout, content, tokens).paint();
}

} // namespace enroll::ui
