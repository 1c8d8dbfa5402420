#include "ui/run/page_tab.h"

#include "ui/run/tile_painter.h"
#include "ui/widgets/fitted_text.h"

#include <QFontMetricsF>
#include <QPainter>

namespace enroll::ui {
namespace {

constexpr double kText = 22;
constexpr double kPadding = 16;
constexpr double kSymbol = 28;
constexpr double kUnderline = 5;
constexpr double kCorner = 4;
constexpr double kMark = 4;

QString titleOf(const PageNote& note)
{
    return note.first == note.last ? PageTab::tr("Slot %1").arg(note.first)
                                   : PageTab::tr("Slots %1 to %2").arg(note.first).arg(note.last);
}

/// Where there is no room for the word.
QString numbersOf(const PageNote& note)
{
    const auto first = QString::number(note.first);
    return note.first == note.last ? first : QString(first + QChar(0x2013) + QString::number(note.last));
}

QString waitingText(int waiting)
{
    return waiting == 1 ? PageTab::tr("1 needs you", "a slot") : PageTab::tr("%n need you", "slots", waiting);
}

void paintWorst(QPainter& painter, const QRectF& box, TileLook look, const Tokens& tokens, const FillPair& colours)
{
    switch (look) {
    case TileLook::Rejected:
        return paintRecordSymbol(painter, box, RecordSymbol::Rejected, tokens.ink);
    case TileLook::Unknown:
        return paintRecordSymbol(painter, box, RecordSymbol::None, tokens.ink);
    default:
        return paintSmallVerdictSymbol(painter, box, symbolOf(look), colours);
    }
}

} // namespace

PageNote noteOf(const std::vector<const TileContent*>& tiles)
{
    PageNote note;
    if (tiles.empty()) {
        return note;
    }
    note.first = tiles.front()->slot;
    note.last = tiles.back()->slot;
    for (const auto* tile : tiles) {
        const auto look = tile->asks ? TileLook::Whose : tile->look;
        note.waiting += urgency(look) > 0 ? 1 : 0;
        note.worst = urgency(look) > urgency(note.worst) ? look : note.worst;
        note.next = note.next || tile->next;
    }
    return note;
}

PageTab::PageTab(const Theme& theme, QWidget* parent) : QAbstractButton(parent), m_theme(theme)
{
    setCheckable(true);
    setAutoExclusive(true);
    setFocusPolicy(Qt::NoFocus);
    setCursor(Qt::PointingHandCursor);
    connect(&theme, &Theme::changed, this, [this] { update(); });
}

void PageTab::show(const PageNote& note)
{
    if (note == m_note) {
        return;
    }
    m_note = note;
    setText(titleOf(note));
    QStringList parts{text()};
    if (note.waiting > 0) {
        parts << waitingText(note.waiting) << lookWord(note.worst);
    }
    if (note.next) {
        parts << nextWord();
    }
    setAccessibleName(parts.join(QLatin1String(", ")));
    update();
}

void PageTab::setScale(const ScreenScale& scale)
{
    m_scale = scale;
    update();
}

double PageTab::padding() const
{
    return std::min(m_scale.px(kPadding), width() / 12.0);
}

bool PageTab::holdsWords() const
{
    const auto number = QFontMetricsF(m_scale.font(kText, QFont::ExtraBold)).horizontalAdvance(QStringLiteral("88"));
    const auto words = QFontMetricsF(m_scale.font(kText, QFont::DemiBold)).horizontalAdvance(text());
    return words + m_scale.px(kSymbol + 16) + number + 2 * padding() <= width();
}

void PageTab::setTitle(Title title)
{
    m_title = title;
    update();
}

void PageTab::paintGround(QPainter& painter) const
{
    const auto& tokens = m_theme.tokens();
    const auto box = QRectF(rect()).adjusted(1, 1, -1, -1);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(isChecked() ? tokens.ink : tokens.control, isChecked() ? 2 : 1));
    painter.setBrush(isChecked() ? tokens.surface : underMouse() ? tokens.hover : tokens.raised);
    if (calls()) {
        const auto fill = coloursOf(m_note.worst, tokens).pair.fill;
        painter.setPen(QPen(fill, 1));
        painter.setBrush(fill);
    }
    painter.drawRoundedRect(box, kCorner, kCorner);
    if (isChecked()) {
        const auto thick = m_scale.px(kUnderline);
        painter.fillRect(QRectF(box.left(), box.bottom() - thick, box.width(), thick), tokens.ink);
    }
}

QRectF PageTab::paintWaiting(QPainter& painter, QRectF row, const QColor& ink) const
{
    if (m_note.waiting == 0) {
        return row;
    }
    const auto& tokens = m_theme.tokens();
    const auto font = m_scale.font(kText, QFont::ExtraBold);
    const auto number = QString::number(m_note.waiting);
    const auto words = waitingText(m_note.waiting);
    const auto side = m_scale.px(kSymbol);
    const auto title = QFontMetricsF(m_scale.font(kText, QFont::DemiBold)).horizontalAdvance(text());
    const auto all = QFontMetricsF(font).horizontalAdvance(words) + side + m_scale.px(24);
    const auto mark = m_note.next && !isChecked() ? chipWidth() : 0;
    const auto shown = all + title + mark <= row.width() ? words : number;
    paintLine(painter, row, shown, font, ink, Qt::AlignRight | Qt::AlignVCenter);
    row.setRight(row.right() - QFontMetricsF(font).horizontalAdvance(shown) - m_scale.px(8));
    const auto pair = coloursOf(m_note.worst, tokens).pair;
    const QRectF symbol(row.right() - side, row.center().y() - side / 2, side, side);
    if (calls()) {
        auto inverted = tokens;
        inverted.ink = pair.on;
        paintWorst(painter, symbol, m_note.worst, inverted, {pair.on, pair.fill});
    } else {
        paintWorst(painter, symbol, m_note.worst, tokens, pair);
    }
    row.setRight(symbol.left() - m_scale.px(8));
    return row;
}

QFont PageTab::chipFont() const
{
    return m_scale.font(18, QFont::ExtraBold);
}

double PageTab::chipWidth() const
{
    return QFontMetricsF(chipFont()).horizontalAdvance(nextWord()) + m_scale.px(16);
}

/// The mark has the frame of the tile that it speaks of, and its word where there is room.
QRectF PageTab::paintNext(QPainter& painter, QRectF row) const
{
    if (!m_note.next || isChecked()) {
        return row;
    }
    const auto& tokens = m_theme.tokens();
    painter.setPen(QPen(tokens.ink, kMark));
    painter.setBrush(Qt::NoBrush);
    const auto half = kMark / 2;
    painter.drawRoundedRect(QRectF(rect()).adjusted(half, half, -half, -half), kCorner, kCorner);
    const auto font = chipFont();
    const auto width = chipWidth();
    const auto numbers = QFontMetricsF(m_scale.font(kText)).horizontalAdvance(numbersOf(m_note));
    if (row.width() < width + numbers + m_scale.px(16)) {
        return row;
    }
    const auto height = QFontMetricsF(font).height() + m_scale.px(4);
    const QRectF chip(row.right() - width, row.center().y() - height / 2, width, height);
    painter.setPen(QPen(tokens.surface, 1));
    painter.setBrush(tokens.ink);
    painter.drawRoundedRect(chip, kCorner, kCorner);
    paintLine(painter, chip, nextWord(), font, tokens.surface, Qt::AlignCenter);
    row.setRight(chip.left() - m_scale.px(8));
    return row;
}

void PageTab::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    paintGround(painter);
    const auto& tokens = m_theme.tokens();
    const auto ink = calls() ? coloursOf(m_note.worst, tokens).pair.on : tokens.ink;
    auto row = QRectF(rect()).adjusted(padding(), 0, -padding(), 0);
    row = paintNext(painter, paintWaiting(painter, row, ink));
    const auto font = m_scale.font(kText, isChecked() ? QFont::DemiBold : QFont::Medium);
    const auto shown = m_title == Title::Words ? text() : numbersOf(m_note);
    paintLine(painter, row, shown, fitLine(font, shown, row.width(), kSmallestText), ink);
}

} // namespace enroll::ui
