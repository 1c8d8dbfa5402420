#include "ui/run/slot_tile.h"

#include "ui/run/tile_painter.h"

#include <QAccessibleWidget>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

#include <array>
#include <utility>

namespace enroll::ui {
namespace {

// 2 px off the frame.
constexpr double kRingWidth = 3;
constexpr double kRingRadius = 12;

/// But for what changes four times a second.
bool saysTheSame(const TileContent& one, const TileContent& other)
{
    return one.look == other.look && one.next == other.next && one.word == other.word && one.serial == other.serial &&
           one.instruction == other.instruction && one.reason.isEmpty() == other.reason.isEmpty() &&
           one.progress.has_value() == other.progress.has_value() && (one.progress || one.reason == other.reason) &&
           (one.progress || one.corner == other.corner);
}

/// To assistive programs a tile is a button: it has a name, and it can be pressed.
class AccessibleTile final : public QAccessibleWidget {
public:
    explicit AccessibleTile(SlotTile& tile) : QAccessibleWidget(&tile, QAccessible::Button), m_tile(tile) {}

    [[nodiscard]] QStringList actionNames() const override { return {pressAction(), setFocusAction()}; }
    void doAction(const QString& name) override
    {
        name == pressAction() ? m_tile.press() : QAccessibleWidget::doAction(name);
    }

private:
    SlotTile& m_tile;
};

QAccessibleInterface* accessibleTile(const QString&, QObject* object)
{
    auto* tile = qobject_cast<SlotTile*>(object);
    return tile == nullptr ? nullptr : new AccessibleTile(*tile);
}

} // namespace

SlotTile::SlotTile(enrollment::SlotNumber slot, const Theme& theme, QWidget* parent)
    : QWidget(parent), m_slot(slot), m_theme(theme)
{
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::PointingHandCursor);
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Ignored);
    setObjectName(QStringLiteral("slot%1").arg(slot.value));
    QAccessible::installFactory(accessibleTile); // the same one again changes nothing
    connect(&theme, &Theme::changed, this, [this] { update(); });
}

void SlotTile::setForm(Density density, TileForm form)
{
    m_density = density;
    m_form = form;
    update();
}

void SlotTile::setSizes(const TileSizes& sizes)
{
    if (m_sizes != sizes) {
        m_sizes = sizes;
        update();
    }
}

TileLayout SlotTile::layoutNow() const
{
    return {tileDesign(m_density), frame(), m_theme.viewing(), m_form};
}

void SlotTile::show(const TileContent& content)
{
    if (content == m_content) {
        return;
    }
    const auto before = std::exchange(m_content, content);
    setAccessibleName(accessibleText(content));
    if (!saysTheSame(before, content)) {
        Q_EMIT textChanged();
    }
    announce(before.look);
    update();
}

void SlotTile::announce(TileLook before)
{
    const auto called = alertOf(m_content.look);
    if (before == m_content.look || !(called || m_content.look == TileLook::Pass)) {
        return;
    }
    if (m_content.endedBefore) { // somebody was called for it before the program started
        return;
    }
    QAccessibleEvent alert(this, QAccessible::Alert);
    QAccessible::updateAccessibility(&alert);
    if (called) {
        Q_EMIT alerted(*called);
    }
    if (urgency(m_content.look) > 0) {
        Q_EMIT needsPerson(m_slot.value);
    }
}

QSize SlotTile::minimumSizeHint() const
{
    return {200, 110};
}

void SlotTile::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const auto& tokens = m_theme.tokens();
    if (m_density == Density::One) {
        paintPanel(painter, frame(), m_content, m_theme.viewing(), tokens);
    } else {
        const auto layout = layoutNow();
        const std::array alone{&std::as_const(m_content)};
        paintTile(painter, layout, m_content, m_sizes ? *m_sizes : sizesFor(layout, alone), tokens);
    }
    if (hasFocus()) {
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(tokens.ink, kRingWidth));
        const auto half = kRingWidth / 2;
        painter.drawRoundedRect(QRectF(rect()).adjusted(half, half, -half, -half), kRingRadius, kRingRadius);
    }
}

void SlotTile::mouseReleaseEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton && rect().contains(event->position().toPoint())) {
        press();
    }
}

void SlotTile::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        Q_EMIT chosen(m_slot.value);
        return;
    }
    QWidget::keyPressEvent(event);
}

void SlotTile::focusInEvent(QFocusEvent* event)
{
    QWidget::focusInEvent(event);
    Q_EMIT focused(m_slot.value);
    update();
}

void SlotTile::focusOutEvent(QFocusEvent* event)
{
    QWidget::focusOutEvent(event);
    update();
}

} // namespace enroll::ui
