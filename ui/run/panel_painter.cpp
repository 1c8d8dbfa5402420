#include "ui/run/tile_painter.h"
#include "ui/widgets/fitted_text.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>

namespace enroll::ui {
namespace {

const QSizeF kReference{1232, 856};
constexpr int kSmallest = 15;
constexpr int kLongSerial = 2; ///< a serial shrinks to this part of its size before it is cut
constexpr double kCorner = 8;
constexpr double kMostForInstruction = 0.5; ///< of the panel's height
constexpr double kWordOfSymbol = 296.0 / 256;

/// The panel of the only slot: everything is drawn on the verdict's own colour.
class PanelPainting {
public:
    PanelPainting(QPainter& painter, const QRectF& frame, const TileContent& content, const Viewing& viewing,
                  const Tokens& tokens)
        : m_painter(painter), m_frame(frame), m_content(content), m_tokens(tokens),
          m_colours(coloursOf(content.look, tokens)),
          m_scale(std::min(frame.width() / kReference.width(), frame.height() / kReference.height())),
          m_ink(m_colours.filled ? m_colours.pair.on : tokens.ink),
          m_inner(frame.adjusted(px(56), px(40), -px(56), -px(40))),
          m_least(std::max<double>(kSmallest, pixelSize(cap::kLeast, viewing)))
    {
        arrangeInstruction();
    }

    void paint()
    {
        paintFrame(m_painter, m_frame, frameLine(m_scale), m_colours, m_tokens, m_colours.pair.fill);
        if (m_content.look == TileLook::Fail) {
            paintHatches();
        }
        paintHead();
        paintVerdict();
        paintFoot();
    }

private:
    [[nodiscard]] double px(double reference) const { return reference * m_scale; }
    [[nodiscard]] QFont font(double capMillimetres, QFont::Weight weight) const
    {
        return textFont(pixelSize(capMillimetres, {}) * m_scale, weight);
    }

    void paintHatches()
    {
        const auto strip = px(24);
        QPainterPath inside;
        inside.addRoundedRect(m_frame, kCorner, kCorner);
        m_painter.save();
        m_painter.setClipPath(inside);
        paintHatch(m_painter, {m_frame.left(), m_frame.top(), m_frame.width(), strip}, m_ink, px(8));
        paintHatch(m_painter, {m_frame.left(), m_frame.bottom() - strip, m_frame.width(), strip}, m_ink, px(8));
        m_painter.restore();
    }

    void paintHead()
    {
        const QRectF row(m_inner.left(), m_inner.top(), m_inner.width(), px(80));
        const auto big = font(cap::kOneSlotText, QFont::Bold);
        // How long a device took is for those who stand near; a code and a running clock are for everybody.
        const auto loud = m_content.code || m_content.progress;
        const auto cornerFont = loud ? big : font(cap::kScanMessage, QFont::Normal);
        const auto corner = m_content.look == TileLook::Ready ? QString() : m_content.corner;
        const auto taken = corner.isEmpty() ? 0 : QFontMetricsF(cornerFont).horizontalAdvance(corner) + px(40);
        const auto serial =
            fitLine(big, m_content.serial, row.width() - taken, std::max(kSmallest, big.pixelSize() / kLongSerial));
        paintLine(m_painter, row.adjusted(0, 0, -taken, 0), m_content.serial, serial,
                  m_colours.filled ? m_ink : serialInk(m_content, m_tokens), Qt::AlignLeft | Qt::AlignVCenter,
                  Qt::ElideMiddle);
        paintLine(m_painter, row, corner, cornerFont, m_ink, Qt::AlignRight | Qt::AlignVCenter);
        paintLine(m_painter, {m_inner.left(), row.bottom(), m_inner.width(), px(56)}, m_content.before,
                  font(cap::kScanMessage, QFont::Normal), m_ink);
    }

    /// Where it could not be read from the distance else, the instruction takes room from the verdict.
    void arrangeInstruction()
    {
        // A sentence a line: read from afar, a line is one thing to do.
        m_instruction = QString(m_content.instruction).replace(QLatin1String(". "), QLatin1String(".\n"));
        const auto wanted = textFont(std::max(m_least, pixelSize(cap::kOneSlotText, {}) * m_scale), QFont::Bold);
        const QSizeF usual(m_inner.width(), px(132));
        m_instructionFont = fitBlock(wanted, m_instruction, usual, kSmallest);
        if (m_instructionFont.pixelSize() < m_least) {
            const QSizeF most(m_inner.width(), m_inner.height() * kMostForInstruction);
            m_instructionFont = fitBlock(textFont(m_least, QFont::Bold), m_instruction, most, kSmallest);
        }
        const auto used = blockHeight(m_instructionFont, m_instruction, m_inner.width());
        const auto room = std::max(usual.height(), used);
        const auto bottom = reasonRow().top() - px(4);
        m_room = {m_inner.left(), bottom - room, m_inner.width(), room};
    }

    [[nodiscard]] QRectF reasonRow() const
    {
        const auto height = std::max(px(44), kSmallest * 1.3);
        return {m_inner.left(), m_inner.bottom() - height, m_inner.width(), height};
    }

    void paintVerdict()
    {
        const auto top = m_inner.top() + px(80);
        const auto high = m_room.top() - top;
        const auto side = std::min(px(256), high);
        // Midway between the serial and the instruction's last line.
        const auto middle = top + high / 2 + std::min(px(24), (high - side) / 2);
        const QRectF symbol(m_inner.left(), middle - side / 2, side, side);
        paintLookSymbol(m_painter, symbol, m_content, m_colours);
        const auto left = symbol.right() + px(56);
        auto word = font(cap::kVerdictOne, QFont::ExtraBold);
        word.setPixelSize(std::min(word.pixelSize(), std::max(kSmallest, static_cast<int>(side * kWordOfSymbol))));
        word.setLetterSpacing(QFont::AbsoluteSpacing, -px(6));
        word = fitLine(word, m_content.word, m_inner.right() - left, kSmallest);
        paintLine(m_painter, {left, symbol.top(), m_inner.right() - left, side}, m_content.word, word,
                  m_colours.filled ? m_ink : plainInk(m_content, m_tokens));
    }

    void paintFoot()
    {
        const auto reason = font(cap::kScanMessage, QFont::Normal);
        paintLine(m_painter, reasonRow(), m_content.reason,
                  fitLine(reason, m_content.reason, m_inner.width(), kSmallestText),
                  m_colours.filled ? m_ink : m_tokens.ink2);
        const auto used = blockHeight(m_instructionFont, m_instruction, m_room.width());
        paintBlock(m_painter, {m_room.left(), m_room.bottom() - used, m_room.width(), used + 1}, m_instruction,
                   m_instructionFont, m_ink);
    }

    QPainter& m_painter;
    QRectF m_frame;
    const TileContent& m_content;
    const Tokens& m_tokens;
    LookColours m_colours;
    double m_scale;
    QColor m_ink;
    QRectF m_inner;
    double m_least;
    QString m_instruction;
    QFont m_instructionFont;
    QRectF m_room; ///< of the instruction
};

} // namespace

void paintPanel(QPainter& painter, const QRectF& frame, const TileContent& content, const Viewing& viewing,
                const Tokens& tokens)
{
    PanelPainting(painter, frame, content, viewing, tokens).paint();
}

} // namespace enroll::ui
