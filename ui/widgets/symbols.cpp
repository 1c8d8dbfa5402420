#include "ui/widgets/symbols.h"

#include <QPainter>
#include <QPainterPath>

#include <array>
#include <cmath>
#include <numbers>

namespace enroll::ui {
namespace {

/// Scales the painter so that \p units by \p units fill the box; the destructor restores it.
class Canvas {
public:
    Canvas(QPainter& painter, const QRectF& box, double units) : m_painter(painter)
    {
        m_painter.save();
        m_painter.setRenderHint(QPainter::Antialiasing);
        m_painter.translate(box.topLeft());
        m_painter.scale(box.width() / units, box.height() / units);
        m_painter.setBrush(Qt::NoBrush);
        m_painter.setPen(Qt::NoPen);
    }
    ~Canvas() { m_painter.restore(); }
    Canvas(const Canvas&) = delete;
    Canvas& operator=(const Canvas&) = delete;

private:
    QPainter& m_painter;
};

constexpr double kVerdictUnits = 64;
constexpr double kSmallUnits = 24;

QPen stroke(const QColor& colour, double width, Qt::PenCapStyle cap = Qt::FlatCap)
{
    return {colour, width, Qt::SolidLine, cap, Qt::RoundJoin};
}

void paintPass(QPainter& painter, const QColor& shape, const QColor& mark)
{
    painter.setBrush(shape);
    painter.drawEllipse(QPointF(32, 32), 30, 30);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(mark, 7, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
    const std::array points{QPointF(18, 33), QPointF(28, 43), QPointF(47, 22)};
    painter.drawPolyline(points.data(), 3);
}

void paintFail(QPainter& painter, const QColor& shape, const QColor& mark)
{
    const std::array corners{QPointF(61.56, 44.25), QPointF(44.25, 61.56), QPointF(19.75, 61.56),
                             QPointF(2.44, 44.25),  QPointF(2.44, 19.75),  QPointF(19.75, 2.44),
                             QPointF(44.25, 2.44),  QPointF(61.56, 19.75)};
    painter.setBrush(shape);
    painter.drawPolygon(corners.data(), 8);
    painter.setPen(stroke(mark, 7, Qt::SquareCap));
    painter.drawLine(QPointF(21, 21), QPointF(43, 43));
    painter.drawLine(QPointF(43, 21), QPointF(21, 43));
}

void paintHold(QPainter& painter, const QColor& shape, const QColor& mark)
{
    const std::array corners{QPointF(32, 5), QPointF(61, 58), QPointF(3, 58)};
    painter.setBrush(shape);
    painter.setPen(stroke(shape, 4));
    painter.drawPolygon(corners.data(), 3);
    painter.setPen(stroke(mark, 6.5));
    painter.drawLine(QPointF(32, 22), QPointF(32, 40));
    painter.setPen(Qt::NoPen);
    painter.setBrush(mark);
    painter.drawEllipse(QPointF(32, 49), 4, 4);
}

double degrees(double radians)
{
    return radians * 180 / std::numbers::pi;
}

/// A circular arc from the path's end to \p end, the short way round. SVG gives arcs by their ends, QPainterPath by
/// centre and angles; \p clockwise is SVG's sweep flag. Source: SVG 1.1, "Elliptical arc implementation notes".
void arcTo(QPainterPath& path, double radius, bool clockwise, const QPointF& end)
{
    const auto start = path.currentPosition();
    const auto half = (end - start) / 2;
    const auto halfLength = std::hypot(half.x(), half.y());
    const auto r = std::max(radius, halfLength);
    const auto height = std::sqrt(std::max(0.0, r * r - halfLength * halfLength)) * (clockwise ? 1 : -1);
    const auto centre = start + half + QPointF(-half.y(), half.x()) / halfLength * height;
    const auto from = degrees(std::atan2(centre.y() - start.y(), start.x() - centre.x()));
    const auto to = degrees(std::atan2(centre.y() - end.y(), end.x() - centre.x()));
    auto sweep = std::remainder(to - from, 360.0);
    if (clockwise != (sweep < 0)) {
        sweep += clockwise ? -360 : 360; // a half circle: both directions are equally short
    }
    path.arcTo(QRectF(centre.x() - r, centre.y() - r, 2 * r, 2 * r), from, sweep);
}

QPainterPath spanner()
{
    QPainterPath path;
    path.moveTo(14.7, 6.3);
    arcTo(path, 1, false, {14.7, 7.7});
    path.lineTo(16.3, 9.3);
    arcTo(path, 1, false, {17.7, 9.3});
    path.lineTo(21.47, 5.53);
    arcTo(path, 6, true, {13.53, 13.47});
    path.lineTo(6.62, 20.38);
    arcTo(path, 2.12, true, {3.62, 17.38});
    path.lineTo(10.53, 10.47);
    arcTo(path, 6, true, {18.47, 2.53});
    path.lineTo(14.71, 6.29);
    path.closeSubpath();
    return path;
}

void paintSpanner(QPainter& painter, const QColor& shape)
{
    static const auto kPath = spanner();
    painter.scale(kVerdictUnits / kSmallUnits, kVerdictUnits / kSmallUnits);
    painter.setBrush(shape);
    painter.setPen(stroke(shape, 1.4));
    painter.drawPath(kPath);
}

void paintEmpty(QPainter& painter, const QColor& shape)
{
    constexpr double kWidth = 6;
    constexpr double kSide = 54;
    constexpr double kRadius = 4;
    constexpr double kDash = 10;
    // Three dashes on each side, with one around each corner: so the outline begins just after a corner.
    constexpr auto kCornerArc = std::numbers::pi * kRadius / 2;
    constexpr auto kPeriod = (kSide - 2 * kRadius + kCornerArc) / 3;
    auto pen = QPen(shape, kWidth, Qt::CustomDashLine, Qt::FlatCap, Qt::MiterJoin);
    pen.setDashPattern({kDash / kWidth, (kPeriod - kDash) / kWidth});
    pen.setDashOffset((kDash + kCornerArc) / 2 / kWidth);
    painter.setPen(pen);
    painter.drawRoundedRect(QRectF(5, 5, kSide, kSide), kRadius, kRadius);
}

/// A full square, with what is to go in.
void paintReady(QPainter& painter, const QColor& shape)
{
    painter.setPen(stroke(shape, 6));
    painter.drawRoundedRect(QRectF(5, 5, 54, 54), 4, 4);
    painter.setPen(Qt::NoPen);
    painter.setBrush(shape);
    const std::array arrow{QPointF(27, 14), QPointF(37, 14), QPointF(37, 30), QPointF(48, 30),
                           QPointF(32, 49), QPointF(16, 30), QPointF(27, 30)};
    painter.drawPolygon(arrow.data(), static_cast<int>(arrow.size()));
}

/// A full square, with a device that was not asked about yet.
void paintOccupied(QPainter& painter, const QColor& shape)
{
    painter.setPen(stroke(shape, 6));
    painter.drawRoundedRect(QRectF(5, 5, 54, 54), 4, 4);
    painter.fillRect(QRectF(18, 18, 28, 28), shape);
}

void paintStopped(QPainter& painter, const QColor& shape)
{
    painter.setPen(stroke(shape, 6));
    painter.drawRoundedRect(QRectF(5, 5, 54, 54), 4, 4);
    painter.setPen(stroke(shape, 7, Qt::SquareCap));
    painter.drawLine(QPointF(20, 32), QPointF(44, 32));
}

/// A full square, with a device that nobody named.
void paintAsked(QPainter& painter, const QColor& shape)
{
    painter.setPen(stroke(shape, 6));
    painter.drawRoundedRect(QRectF(5, 5, 54, 54), 4, 4);
    QPainterPath question;
    question.moveTo(23, 24);
    question.arcTo(QRectF(23, 15, 18, 18), 180, -225);
    question.quadTo(32, 34, 32, 40);
    painter.setPen(stroke(shape, 6));
    painter.drawPath(question);
    painter.setPen(Qt::NoPen);
    painter.setBrush(shape);
    painter.drawEllipse(QPointF(32, 49), 4, 4);
}

/// A full square, with a device that does not say what is asked: three dots.
void paintSilent(QPainter& painter, const QColor& shape)
{
    painter.setPen(stroke(shape, 6));
    painter.drawRoundedRect(QRectF(5, 5, 54, 54), 4, 4);
    painter.setPen(Qt::NoPen);
    painter.setBrush(shape);
    for (const auto x : {19, 32, 45}) {
        painter.drawEllipse(QPointF(x, 32), 4.5, 4.5);
    }
}

template <std::size_t N>
void polyline(QPainter& painter, const std::array<QPointF, N>& points)
{
    painter.drawPolyline(points.data(), static_cast<int>(N));
}

} // namespace

void paintVerdictSymbol(QPainter& painter, const QRectF& box, VerdictSymbol symbol, const QColor& shape,
                        const QColor& mark)
{
    const Canvas canvas(painter, box, kVerdictUnits);
    switch (symbol) {
    case VerdictSymbol::Pass:
        return paintPass(painter, shape, mark);
    case VerdictSymbol::Fail:
        return paintFail(painter, shape, mark);
    case VerdictSymbol::Hold:
        return paintHold(painter, shape, mark);
    case VerdictSymbol::Station:
        return paintSpanner(painter, shape);
    case VerdictSymbol::Empty:
        return paintEmpty(painter, shape);
    case VerdictSymbol::Ready:
        return paintReady(painter, shape);
    case VerdictSymbol::Occupied:
        return paintOccupied(painter, shape);
    case VerdictSymbol::Stopped:
        return paintStopped(painter, shape);
    case VerdictSymbol::Asked:
        return paintAsked(painter, shape);
    case VerdictSymbol::Silent:
        return paintSilent(painter, shape);
    }
}

void paintSmallVerdictSymbol(QPainter& painter, const QRectF& box, VerdictSymbol symbol, const FillPair& colours)
{
    if (symbol != VerdictSymbol::Hold) {
        return paintVerdictSymbol(painter, box, symbol, colours.fill, colours.on);
    }
    paintVerdictSymbol(painter, box, symbol, colours.on, colours.on);
    const auto inset = box.width() / 9;
    const auto inner = box.adjusted(inset, inset * 1.25, -inset, -inset * 0.75);
    paintVerdictSymbol(painter, inner, symbol, colours.fill, colours.on);
}

void paintProgressRing(QPainter& painter, const QRectF& box, const QColor& colour, double fraction)
{
    const Canvas canvas(painter, box, kVerdictUnits);
    constexpr int kSixteenthsOfCircle = 360 * 16;
    constexpr auto kTop = 90 * 16;
    const QRectF ring(6, 6, 52, 52);
    auto track = colour;
    track.setAlphaF(0.35F);
    painter.setPen(stroke(track, 9));
    painter.drawEllipse(ring);
    painter.setPen(stroke(colour, 9));
    painter.drawArc(ring, kTop, -static_cast<int>(fraction * kSixteenthsOfCircle));
}

void paintRecordSymbol(QPainter& painter, const QRectF& box, RecordSymbol symbol, const QColor& colour)
{
    const Canvas canvas(painter, box, kSmallUnits);
    painter.setPen(stroke(colour, 2));
    switch (symbol) {
    case RecordSymbol::None:
        return painter.drawLine(QPointF(5, 12), QPointF(19, 12));
    case RecordSymbol::Saved:
        painter.setBrush(colour);
        return painter.drawEllipse(QPointF(12, 12), 6, 6);
    case RecordSymbol::Queued:
        return polyline<4>(painter, {QPointF(12, 5), QPointF(21, 20), QPointF(3, 20), QPointF(12, 5)});
    case RecordSymbol::Accepted:
        polyline<3>(painter, {QPointF(2, 13), QPointF(7, 18), QPointF(16, 7)});
        return polyline<2>(painter, {QPointF(12, 17), QPointF(22, 7)});
    case RecordSymbol::Rejected:
        painter.drawLine(QPointF(6, 6), QPointF(18, 18));
        return painter.drawLine(QPointF(18, 6), QPointF(6, 18));
    }
}

void paintTick(QPainter& painter, const QRectF& box, const QColor& colour)
{
    const Canvas canvas(painter, box, kSmallUnits);
    painter.setPen(stroke(colour, 2.4));
    polyline<3>(painter, {QPointF(4, 12.5), QPointF(9.5, 18), QPointF(20, 6.5)});
}

void paintBarcode(QPainter& painter, const QRectF& box, const QColor& colour)
{
    const Canvas canvas(painter, box, kSmallUnits);
    painter.setPen(stroke(colour, 2));
    for (const auto x : {3, 7, 10, 14, 17, 21}) {
        painter.drawLine(QPointF(x, 5), QPointF(x, 19));
    }
}

} // namespace enroll::ui
