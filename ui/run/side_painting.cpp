#include "ui/run/side_painting.h"

#include "ui/run/tile_painter.h"
#include "ui/widgets/fitted_text.h"

#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace enroll::ui {
namespace {

// clang-format off
const SideDesign kRoomy{
    .marginX = 24, .marginY = 20, .title = 32, .titleFont = 22, .titleGap = 6,
    .step = 56, .stepIcon = 28, .stepText = 44, .stepFont = 24, .timeFont = 22, .timeColumn = 90,
    .record = 36, .recordFont = 22, .recordText = 34, .fact = 36, .factFont = 20, .factValue = 152,
    .findingText = 92};
const SideDesign kClose{
    .marginX = 24, .marginY = 16, .title = 28, .titleFont = 20, .titleGap = 2,
    .step = 28, .stepIcon = 20, .stepText = 30, .stepFont = 20, .timeFont = 20, .timeColumn = 84,
    .record = 28, .recordFont = 20, .recordText = 30, .fact = 26, .factFont = 18, .factValue = 160,
    .findingText = 92};
// clang-format on

constexpr int kMostLines = 4;
constexpr double kBadge = 44;

/// \p text in pieces that fit \p width: an id has no blanks where a line could be broken.
QString folded(const QString& text, const QFont& font, double width)
{
    const auto wanted = QFontMetricsF(font).horizontalAdvance(text);
    if (wanted <= width || text.isEmpty()) {
        return text;
    }
    const auto pieces = static_cast<qsizetype>(std::ceil(wanted / std::max(width, 1.0)));
    const auto size = (text.size() + pieces - 1) / pieces;
    QStringList lines;
    for (qsizetype at = 0; at < text.size(); at += size) {
        lines << text.mid(at, size);
    }
    return lines.join(QLatin1Char('\n'));
}

} // namespace

const SideDesign& roomyDesign()
{
    return kRoomy;
}

const SideDesign& closeDesign()
{
    return kClose;
}

SidePainting::SidePainting(QPainter* painter, const QRectF& area, const SideDesign& design, double scale,
                           TileLook verdict, const Tokens& tokens)
    : m_painter(painter), m_design(design), m_scale(scale), m_verdict(verdict), m_tokens(tokens),
      m_area(area.adjusted(px(design.marginX), px(design.marginY), -px(design.marginX), -px(design.marginY))),
      m_y(m_area.top())
{}

void SidePainting::title(const QString& text)
{
    line(row(m_design.title), text, font(m_design.titleFont, QFont::DemiBold), m_tokens.ink);
    gap(m_design.titleGap);
}

void SidePainting::title(const QString& text, const QString& time, const std::optional<QString>& usual)
{
    const auto box = QRectF(m_area.left(), m_y, m_area.width(), px(m_design.title));
    const auto head = font(m_design.factFont);
    const auto column = usual ? px(m_design.timeColumn) : 0;
    line(box.adjusted(0, 0, -column, 0), time, head, m_tokens.ink3, Qt::AlignRight | Qt::AlignVCenter);
    line(box, usual.value_or(QString()), head, m_tokens.ink3, Qt::AlignRight | Qt::AlignVCenter);
    title(text);
}

void SidePainting::step(const StepLine& step, const std::optional<QString>& usual)
{
    const auto box = row(m_design.step);
    const auto icon = px(m_design.stepIcon);
    paintStepIcon({box.left(), box.center().y() - icon / 2, icon, icon}, step.look);
    const auto strong = step.look == StepLook::Running || step.look == StepLook::Deciding;
    const auto faint = step.look == StepLook::Waiting || step.look == StepLook::Skipped;
    const auto weight = strong ? QFont::DemiBold : QFont::Normal;
    const auto column = px(m_design.timeColumn);
    const auto columns = usual ? 2 * column : column;
    line(box.adjusted(px(m_design.stepText), 0, -columns, 0), step.name, font(m_design.stepFont, weight),
         faint ? m_tokens.ink3 : m_tokens.ink);
    line(box.adjusted(0, 0, usual ? -column : 0, 0), step.time, font(m_design.timeFont, weight),
         strong ? m_tokens.ink : m_tokens.ink2, Qt::AlignRight | Qt::AlignVCenter);
    line(box, usual.value_or(QString()), font(m_design.timeFont), m_tokens.ink3, Qt::AlignRight | Qt::AlignVCenter);
}

void SidePainting::record(const RecordLine& record)
{
    const auto box = row(m_design.record);
    const auto side = px(m_design.recordFont);
    if (m_painter != nullptr) {
        paintRecordSymbol(*m_painter, {box.left(), box.center().y() - side / 2, side, side}, record.mark.symbol,
                          m_tokens.ink);
    }
    const auto word = font(m_design.recordFont, QFont::DemiBold);
    const auto text = box.adjusted(px(m_design.recordText), 0, 0, 0);
    line(text, record.mark.word, word, m_tokens.ink);
    const auto used = QFontMetricsF(word).horizontalAdvance(record.mark.word) + px(12);
    line(text.adjusted(used, 0, 0, 0), record.detail, font(m_design.recordFont), m_tokens.ink2);
}

void SidePainting::fact(const QString& name, const QString& value)
{
    fact(name, value, font(m_design.factFont, QFont::DemiBold));
}

void SidePainting::hex(const QString& name, const QString& value)
{
    fact(name, value, hexFont());
}

void SidePainting::longFact(const QString& name, const QString& value)
{
    longFact(name, value, font(m_design.factFont, QFont::DemiBold));
}

void SidePainting::longHex(const QString& name, const QString& value)
{
    const auto room = m_area.width() - px(m_design.factValue);
    longFact(name, folded(value, hexFont(), room), hexFont());
}

void SidePainting::verdict(const TileContent& content)
{
    const auto box = row(kBadge);
    const auto side = px(kBadge);
    const QRectF badge(box.left(), box.top(), side, side);
    if (m_painter != nullptr && content.progress) {
        paintProgressRing(*m_painter, badge, m_tokens.running.fill, content.progress->whole());
    } else if (m_painter != nullptr && content.look == TileLook::Rejected) {
        paintRecordSymbol(*m_painter, badge, RecordSymbol::Rejected, m_tokens.ink);
    } else if (m_painter != nullptr && content.look == TileLook::Unknown) {
        paintRecordSymbol(*m_painter, badge, RecordSymbol::None, m_tokens.ink);
    } else if (m_painter != nullptr) {
        paintVerdictMark(badge);
    }
    const auto corner = font(30, QFont::Bold);
    const auto cornerWidth = QFontMetricsF(corner).horizontalAdvance(content.corner);
    const auto room = box.adjusted(side + px(16), 0, -cornerWidth - px(16), 0);
    line(room, content.word, fitLine(font(34, QFont::ExtraBold), content.word, room.width(), 13), m_tokens.ink);
    line(box, content.corner, content.code ? corner : font(24), m_tokens.ink, Qt::AlignRight | Qt::AlignVCenter);
}

void SidePainting::paragraph(const QString& text, double size, QFont::Weight weight, const QColor& colour)
{
    if (!text.isEmpty()) {
        m_y += block(m_area.left(), text, font(size, weight), colour, 0);
    }
}

void SidePainting::marked(const QString& mark, const QString& text, const QString& more)
{
    const auto strong = font(m_design.factFont, QFont::DemiBold);
    const auto plain = font(m_design.factFont);
    const auto left = m_area.left() + px(m_design.findingText);
    line({m_area.left(), m_y, left - m_area.left(), QFontMetricsF(strong).height()}, mark, strong, m_tokens.ink);
    const auto top = m_y;
    if (!text.isEmpty()) {
        m_y += block(left, text, strong, m_tokens.ink, 0);
    }
    if (!more.isEmpty()) {
        m_y += block(left, more, plain, m_tokens.ink2, 0);
    }
    m_y = std::max(m_y, top + QFontMetricsF(strong).height());
    gap(6);
}

void SidePainting::separator(double above, double below)
{
    gap(above);
    paintRule();
    gap(below);
}

void SidePainting::separatorAt(double reference)
{
    m_y = std::max(m_y + px(16), m_area.top() + px(reference));
    paintRule();
    gap(20);
}

QFont SidePainting::font(double reference, QFont::Weight weight) const
{
    return textFont(px(reference), weight);
}

QFont SidePainting::hexFont() const
{
    return monoFont(px(m_design.factFont));
}

QRectF SidePainting::row(double reference)
{
    const QRectF box(m_area.left(), m_y, m_area.width(), px(reference));
    m_y += px(reference);
    return box;
}

void SidePainting::line(const QRectF& box, const QString& text, const QFont& font, const QColor& colour,
                        Qt::Alignment alignment, Qt::TextElideMode cut)
{
    if (m_painter != nullptr && !text.isEmpty()) {
        paintLine(*m_painter, box, text, font, colour, alignment, cut);
    }
}

double SidePainting::block(double left, const QString& text, const QFont& font, const QColor& colour, double most)
{
    const auto width = m_area.right() - left;
    const auto shown = lastWordsTogether(text);
    const auto wanted = blockHeight(font, shown, width);
    const auto height = most > 0 ? std::min(wanted, most) : wanted;
    if (m_painter != nullptr) {
        paintBlock(*m_painter, {left, m_y, width, height}, shown, font, colour);
    }
    return height;
}

void SidePainting::fact(const QString& name, const QString& value, const QFont& font)
{
    const auto box = row(m_design.fact);
    line(box, name, this->font(m_design.factFont), m_tokens.ink2);
    line(box.adjusted(px(m_design.factValue), 0, 0, 0), value, font, m_tokens.ink, Qt::AlignLeft | Qt::AlignVCenter,
         Qt::ElideMiddle);
}

void SidePainting::longFact(const QString& name, const QString& value, const QFont& font)
{
    const auto height = QFontMetricsF(font).height();
    const auto spare = std::max(0.0, px(m_design.fact) - height);
    line({m_area.left(), m_y, m_area.width(), px(m_design.fact)}, name, this->font(m_design.factFont), m_tokens.ink2);
    m_y += spare / 2;
    m_y += block(m_area.left() + px(m_design.factValue), value, font, m_tokens.ink, kMostLines * height) + spare / 2;
}

void SidePainting::paintRule()
{
    if (m_painter != nullptr) {
        const auto margin = px(m_design.marginX);
        m_painter->fillRect(QRectF(m_area.left() - margin, m_y, m_area.width() + 2 * margin, 1), m_tokens.line);
    }
}

void SidePainting::paintStepIcon(const QRectF& box, StepLook look)
{
    if (m_painter == nullptr) {
        return;
    }
    switch (look) {
    case StepLook::Done:
        return paintTick(*m_painter, box, m_tokens.ink);
    case StepLook::Running:
        return paintProgressRing(*m_painter, box, m_tokens.ink, 0.25);
    case StepLook::Deciding:
        return paintVerdictMark(box);
    case StepLook::Agreeing:
        return paintRecordSymbol(*m_painter, box, RecordSymbol::None, m_tokens.ink);
    case StepLook::Waiting:
    case StepLook::Skipped:
        return paintRecordSymbol(*m_painter, box, RecordSymbol::None, m_tokens.ink3);
    }
}

/// The only mark with a colour: the verdict's.
void SidePainting::paintVerdictMark(const QRectF& box)
{
    const auto colours = coloursOf(m_verdict, m_tokens);
    const FillPair outline{m_tokens.ready, m_tokens.surface};
    paintSmallVerdictSymbol(*m_painter, box, symbolOf(m_verdict), colours.filled ? colours.pair : outline);
}

} // namespace enroll::ui
