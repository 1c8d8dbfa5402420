#include "ui/ruler/ruler_painting.h"

#include "ui/widgets/fitted_text.h"

#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>

namespace enroll::ui {
namespace {

// In the reference design: heights from the top, and what lies between.
constexpr double kMargin = 96;
constexpr double kTop = 56;
constexpr double kTitle = 56;
constexpr double kLine = 36;
constexpr double kButtons = 72;
constexpr double kGap = 24;
constexpr double kInstruction = 48;
constexpr double kBar = 232;
constexpr double kRemark = 88;

} // namespace

RulerPlaces::RulerPlaces(const QSize& window, const ScreenScale& scale)
{
    const auto margin = scale.px(kMargin);
    const auto wide = window.width() - 2 * margin;
    auto y = scale.px(kTop);
    const auto row = [&](double height, double gap) {
        const QRectF room(margin, y, wide, scale.px(height));
        y = room.bottom() + scale.px(gap);
        return room;
    };
    title = row(kTitle, 4);
    subject = row(kLine, 0);
    known = row(kLine, kGap);
    ways = row(kButtons, kGap);
    instruction = row(kInstruction, 8);
    bar = row(kBar, kGap);
    entry = row(kButtons, 8);
    result = row(kLine, 4);
    remark = row(kRemark, 8);
    samples = {margin, y, wide, std::max(0.0, window.height() - scale.px(kGap) - y)};
}

void RulerPainting::paint(const RulerContent& content, const RulerDraft& draft, const QRectF& lengthBox)
{
    line(m_places.title, content.title, 40, m_tokens.ink, QFont::DemiBold);
    line(m_places.subject, content.subject, 24, m_tokens.ink2);
    line(m_places.known, content.known, 24, m_tokens.ink2);
    line(m_places.instruction, content.instruction, 32, m_tokens.ink, QFont::DemiBold);
    draft.way == RulerWay::BankCard ? paintCard(draft) : paintBar(draft);
    const bool isTyped = draft.way == RulerWay::Length;
    const auto frame = isTyped ? m_scale.px(3) : 1.0;
    m_painter.setPen(QPen(isTyped ? m_tokens.ink : m_tokens.line, frame));
    m_painter.setBrush(isTyped ? m_tokens.surface : m_tokens.window);
    const auto inset = frame / 2;
    m_painter.drawRoundedRect(lengthBox.adjusted(inset, inset, -inset, -inset), m_scale.px(8), m_scale.px(8));
    paintLine(m_painter, lengthBox, content.length, m_scale.font(36, QFont::DemiBold), m_tokens.ink, Qt::AlignCenter);
    line(m_places.result, content.result, 24, m_tokens.ink);
    if (!content.remark.isEmpty()) {
        const auto room = m_places.remark.adjusted(m_scale.px(20), 0, 0, 0);
        const auto font = fitBlock(m_scale.font(28, QFont::DemiBold), content.remark, room.size(), kSmallestText);
        const auto used = std::min(room.height(), blockHeight(font, content.remark, room.width()));
        m_painter.fillRect(QRectF(m_places.remark.left(), room.top(), m_scale.px(4), used), m_tokens.ink);
        paintBlock(m_painter, room, content.remark, font, m_tokens.ink);
    }
    paintSamples(content);
}

void RulerPainting::line(const QRectF& room, const QString& text, double pixels, const QColor& colour,
                         QFont::Weight weight)
{
    paintLine(m_painter, room, text, fitLine(m_scale.font(pixels, weight), text, room.width(), kSmallestText), colour);
}

/// Two marks and a line between them: what is measured is from the outer edge of one to that of the other.
void RulerPainting::paintBar(const RulerDraft& draft)
{
    const auto left = std::round(m_places.bar.left());
    const auto middle = std::round(m_places.bar.center().y());
    const auto mark = std::max(2.0, std::round(m_scale.px(4)));
    const auto high = m_scale.px(144);
    const auto thick = m_scale.px(32);
    m_painter.fillRect(QRectF(left, middle - high / 2, mark, high), m_tokens.ink);
    m_painter.fillRect(QRectF(left + draft.bar - mark, middle - high / 2, mark, high), m_tokens.ink);
    m_painter.fillRect(QRectF(left, middle - thick / 2, draft.bar, thick), m_tokens.ink);
}

/// Its width is measured. Where its height has no room, the frame is open below.
void RulerPainting::paintCard(const RulerDraft& draft)
{
    const auto left = std::round(m_places.bar.left());
    const auto top = std::round(m_places.bar.top());
    const auto wanted = draft.bar * kBankCard.height() / kBankCard.width();
    const QRectF card(left, top, draft.bar, std::min(wanted, m_places.bar.height()));
    const auto mark = std::max(2.0, std::round(m_scale.px(4)));
    m_painter.fillRect(card, m_tokens.surface);
    m_painter.fillRect(QRectF(card.left(), card.top(), mark, card.height()), m_tokens.ink);
    m_painter.fillRect(QRectF(card.right() - mark, card.top(), mark, card.height()), m_tokens.ink);
    m_painter.fillRect(QRectF(card.left(), card.top(), card.width(), mark), m_tokens.ink);
    if (wanted <= m_places.bar.height()) {
        m_painter.fillRect(QRectF(card.left(), card.bottom() - mark, card.width(), mark), m_tokens.ink);
    }
}

/// As large as they will be, unless the page has no room for that.
void RulerPainting::paintSamples(const RulerContent& content)
{
    const auto& room = m_places.samples;
    m_painter.fillRect(QRectF(room.left(), room.top(), room.width(), 1), m_tokens.line);
    auto y = room.top() + m_scale.px(8);
    const QRectF heading(room.left(), y, room.width(), m_scale.px(30));
    line(heading, content.sizes, 20, m_tokens.ink2, QFont::DemiBold);
    y = heading.bottom();
    const auto labels = m_scale.px(440);
    for (const auto& sample : content.samples) {
        const QSizeF box(room.width() - labels, room.bottom() - y);
        const auto font = fitLine(textFont(sample.pixels, QFont::DemiBold), sample.text, box.width(), kSmallestText);
        const auto high = std::max(m_scale.px(28), QFontMetricsF(font).height());
        if (high > box.height()) {
            return; // half a sample shows no size
        }
        line({room.left(), y, labels - m_scale.px(16), high}, sample.what, 20, m_tokens.ink2);
        paintLine(m_painter, {room.left() + labels, y, box.width(), high}, sample.text, font, m_tokens.ink);
        y += high;
    }
}

} // namespace enroll::ui
