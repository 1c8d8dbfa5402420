#include "ui/run/slot_detail.h"

#include "ui/run/side_painting.h"

#include <QCoreApplication>
#include <QPainter>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace enroll::ui {
namespace {

constexpr double kReferenceWidth = 624;
// Below this factor the fonts have reached their smallest size, and rows that shrink further would not hold their text.
constexpr double kSmallest = 0.66;
constexpr double kShrink = 0.97;
constexpr int kScrollWidth = 14;
constexpr int kLine = 30;
constexpr double kLargeText = 24;
constexpr double kText = 20;
constexpr double kSmallText = 18;

} // namespace

SlotDetail::SlotDetail(const Theme& theme, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_scroll(new QScrollBar(Qt::Vertical, this))
{
    setObjectName(QStringLiteral("slotDetail"));
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Ignored);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    m_scroll->setSingleStep(kLine);
    connect(m_scroll, &QScrollBar::valueChanged, this, [this] { update(); });
    connect(&theme, &Theme::changed, this, [this] { update(); });
}

void SlotDetail::show(const DetailContent& content)
{
    if (content == m_content) {
        return;
    }
    m_content = content;
    const auto name = tr("Detail. %1").arg(accessibleText(content.tile));
    if (name != accessibleName()) { // progress within a step is not read aloud
        setAccessibleName(name);
    }
    const auto description = accessibleText(content);
    if (description != accessibleDescription()) {
        setAccessibleDescription(description);
    }
    arrange();
    update();
}

void SlotDetail::rewind()
{
    m_scroll->setValue(0);
}

QRectF SlotDetail::frame() const
{
    return QRectF(rect()).adjusted(0.5, 5.5, -5.5, -5.5);
}

double SlotDetail::heightAt(double scale) const
{
    SidePainting measure(nullptr, area(), closeDesign(), scale, m_content.tile.look, m_theme.tokens());
    paintAll(measure);
    return measure.bottom() - area().top();
}

QRectF SlotDetail::area() const
{
    return frame().adjusted(0, 0, m_scrolls == Scrolls::Yes ? -kScrollWidth : 0, 0);
}

/// As large as the width allows, and smaller where that lets everything be seen at once; what is still higher is scrolled.
void SlotDetail::arrange()
{
    m_scrolls = Scrolls::No;
    m_scale = std::max(kSmallest, frame().width() / kReferenceWidth);
    while (m_scale > kSmallest && heightAt(m_scale) > frame().height()) {
        m_scale = std::max(kSmallest, m_scale * kShrink);
    }
    m_scrolls = heightAt(m_scale) > frame().height() ? Scrolls::Yes : Scrolls::No;
    const auto hidden = static_cast<int>(std::ceil(heightAt(m_scale) - frame().height()));
    m_scroll->setVisible(m_scrolls == Scrolls::Yes);
    m_scroll->setRange(0, std::max(0, hidden));
    m_scroll->setPageStep(height());
    const auto inside = frame().toRect();
    m_scroll->setGeometry(inside.right() - kScrollWidth - 1, inside.top() + 2, kScrollWidth, inside.height() - 4);
}

void SlotDetail::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    arrange();
}

void SlotDetail::wheelEvent(QWheelEvent* event)
{
    if (m_scroll->isVisible()) {
        QCoreApplication::sendEvent(m_scroll, event);
    }
}

void SlotDetail::paintEvent(QPaintEvent*)
{
    const auto& tokens = m_theme.tokens();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(tokens.line, 1));
    painter.setBrush(tokens.surface);
    painter.drawRoundedRect(frame(), 8, 8);
    painter.setClipRect(frame().adjusted(1, 1, -1, -1));
    SidePainting side(&painter, area().translated(0, -m_scroll->value()), closeDesign(), m_scale, m_content.tile.look,
                      tokens);
    paintAll(side);
}

void SlotDetail::paintAll(SidePainting& side) const
{
    paintHead(side);
    if (!m_content.findings.empty()) {
        paintFindings(side);
    }
    paintSteps(side);
    side.title(tr("Device"));
    for (const auto& fact : m_content.facts) {
        isHex(fact.fact) ? side.longHex(fact.name, fact.value) : side.longFact(fact.name, fact.value);
    }
    side.separator(8, 8);
    side.title(tr("Record"));
    for (const auto& line : m_content.records) {
        side.record(line);
    }
    side.gap(6);
    side.paragraph(tr("F9 or Esc closes this detail."), kSmallText, QFont::Normal, m_theme.tokens().ink3);
    side.gap(6); // less than at the other edges: a few pixels are not worth a scroll bar
}

void SlotDetail::paintHead(SidePainting& side) const
{
    const auto& tokens = m_theme.tokens();
    const auto& tile = m_content.tile;
    side.verdict(tile);
    side.gap(8);
    side.paragraph(tr("Slot %1: %2").arg(QString::number(tile.slot), tile.serial), kLargeText, QFont::Bold, tokens.ink);
    if (!m_content.before.isEmpty()) {
        side.gap(2);
        side.paragraph(m_content.before, kText, QFont::DemiBold, tokens.ink);
    }
    side.gap(4);
    side.paragraph(tile.instruction, kLargeText, QFont::DemiBold, tokens.ink);
    side.gap(2);
    side.paragraph(tile.reason, kText, QFont::Normal, tokens.ink2);
    side.separator(12, 8);
}

void SlotDetail::paintFindings(SidePainting& side) const
{
    side.title(tr("Findings"));
    side.gap(3);
    for (const auto& finding : m_content.findings) {
        side.marked(finding.mark, finding.headline, finding.text);
    }
    side.separator(4, 8);
}

/// Without a column of usual times while the station knows none.
void SlotDetail::paintSteps(SidePainting& side) const
{
    const auto isKnown = [](const DetailStep& step) { return step.usually.has_value(); };
    const auto known = std::ranges::any_of(m_content.steps, isKnown);
    side.title(tr("Steps"), tr("Time"), known ? std::optional{tr("Usually")} : std::nullopt);
    for (const auto& step : m_content.steps) {
        side.step(step.line, known ? std::optional{step.usual} : std::nullopt);
    }
    side.separator(8, 8);
}

} // namespace enroll::ui
