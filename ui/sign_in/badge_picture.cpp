#include "ui/sign_in/badge_picture.h"

#include "ui/widgets/symbols.h"

#include <QPainter>
#include <QPainterPath>

#include <algorithm>

namespace enroll::ui {
namespace {

// In parts of the height.
constexpr double kWidth = 1.6;
constexpr double kCorner = 0.06;

/// Head and shoulders.
void paintPortrait(QPainter& painter, const QRectF& box, const Tokens& tokens)
{
    painter.setPen(Qt::NoPen);
    painter.setBrush(tokens.selection);
    painter.drawRoundedRect(box, box.width() * 0.08, box.width() * 0.08);
    painter.setBrush(tokens.ink3);
    const auto head = box.width() * 0.4;
    painter.drawEllipse(QRectF(box.center().x() - head / 2, box.top() + box.height() * 0.16, head, head));
    QPainterPath shoulders;
    shoulders.addEllipse(QRectF(box.center().x() - box.width() * 0.38, box.top() + box.height() * 0.62,
                                box.width() * 0.76, box.height() * 0.9));
    QPainterPath inside;
    inside.addRoundedRect(box, box.width() * 0.08, box.width() * 0.08);
    painter.drawPath(shoulders.intersected(inside));
}

} // namespace

void paintBadge(QPainter& painter, const QRectF& room, const Tokens& tokens)
{
    const auto high = std::min(room.height(), room.width() / kWidth);
    const QRectF badge(room.left(), room.top(), high * kWidth, high);
    const auto line = std::max(1.0, high / 100);
    painter.setPen(QPen(tokens.control, line));
    painter.setBrush(tokens.surface);
    const auto half = line / 2;
    painter.drawRoundedRect(badge.adjusted(half, half, -half, -half), high * kCorner, high * kCorner);
    const auto at = [&](double x, double y, double width, double height) {
        return QRectF(badge.left() + x * high, badge.top() + y * high, width * high, height * high);
    };
    painter.setBrush(tokens.window); // the slot that it hangs by
    painter.drawRoundedRect(at(kWidth / 2 - 0.12, 0.06, 0.24, 0.06), high * 0.03, high * 0.03);
    paintPortrait(painter, at(0.1, 0.2, 0.44, 0.54), tokens);
    painter.fillRect(at(0.66, 0.24, 0.72, 0.08), tokens.track); // a name, and what somebody is
    painter.fillRect(at(0.66, 0.38, 0.48, 0.06), tokens.track);
    paintBarcode(painter, at(0.66, 0.54, 0.4, 0.4), tokens.ink);
}

} // namespace enroll::ui
