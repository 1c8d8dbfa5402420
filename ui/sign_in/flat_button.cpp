#include "ui/sign_in/flat_button.h"

#include "ui/widgets/fitted_text.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QPainterPath>

namespace enroll::ui {
namespace {

constexpr double kCorner = 8;
constexpr double kPadding = 24;
constexpr double kSymbol = 32;

/// A key that points to the left, and a cross in it.
void paintErase(QPainter& painter, const QRectF& box, const QColor& ink)
{
    painter.setPen(QPen(ink, box.width() / 12, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.setBrush(Qt::NoBrush);
    const auto at = [&](double x, double y) {
        return QPointF(box.left() + box.width() * x, box.top() + box.height() * y);
    };
    painter.drawPolygon(QPolygonF{{at(0, 0.5), at(0.3, 0.18), at(1, 0.18), at(1, 0.82), at(0.3, 0.82)}});
    painter.drawLine(at(0.5, 0.38), at(0.76, 0.62));
    painter.drawLine(at(0.76, 0.38), at(0.5, 0.62));
}

void paintQuestion(QPainter& painter, const QRectF& box, const QColor& ink)
{
    painter.setPen(QPen(ink, box.width() / 14));
    painter.setBrush(Qt::NoBrush);
    painter.drawEllipse(box.adjusted(1, 1, -1, -1));
    paintLine(painter, box, QStringLiteral("?"), textFont(box.height() * 0.62, QFont::DemiBold), ink, Qt::AlignCenter);
}

} // namespace

FlatButton::FlatButton(const Theme& theme, Look look, QWidget* parent)
    : QAbstractButton(parent), m_theme(theme), m_look(look)
{
    setFocusPolicy(Qt::NoFocus);
    setAttribute(Qt::WA_Hover);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void FlatButton::setScale(const ScreenScale& scale, double pixels, QFont::Weight weight)
{
    m_scale = scale;
    setFont(scale.font(pixels, weight));
    update();
}

int FlatButton::widthForText() const
{
    const auto symbol = m_look == Look::Help ? m_scale.px(kSymbol) : 0;
    return static_cast<int>(
        std::ceil(QFontMetricsF(font()).horizontalAdvance(text()) + symbol + 2 * m_scale.px(kPadding)));
}

void FlatButton::paintEvent(QPaintEvent*)
{
    const auto& tokens = m_theme.tokens();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const bool main = m_look == Look::Main && isEnabled();
    const auto ink = !isEnabled() ? tokens.ink3 : main ? tokens.onPrimary : tokens.ink;
    if (m_look != Look::Help || underMouse()) {
        const auto ground = main           ? tokens.primary
                            : isDown()     ? tokens.selection
                            : !isEnabled() ? tokens.window
                            : underMouse() ? tokens.hover
                                           : tokens.surface;
        painter.setPen(main || m_look == Look::Help ? QPen(Qt::NoPen) : QPen(tokens.control, 1));
        painter.setBrush(ground);
        painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), m_scale.px(kCorner),
                                m_scale.px(kCorner));
    }
    QRectF room(rect());
    const auto side = m_scale.px(kSymbol);
    if (m_look == Look::Erase) {
        return paintErase(painter, {room.center().x() - side / 2, room.center().y() - side / 2, side, side}, ink);
    }
    if (m_look == Look::Help) {
        const auto small = side * 0.75;
        paintQuestion(painter, {m_scale.px(kPadding) / 2, room.center().y() - small / 2, small, small}, ink);
        room.setLeft(m_scale.px(kPadding) / 2 + side);
        return paintLine(painter, room, text(), font(), ink);
    }
    const auto fitted = fitLine(font(), text(), room.width() - m_scale.px(8), kSmallestText);
    paintLine(painter, room, text(), fitted, ink, Qt::AlignCenter);
}

} // namespace enroll::ui
