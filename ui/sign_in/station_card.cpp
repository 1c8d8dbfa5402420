#include "ui/sign_in/station_card.h"

#include "ui/widgets/fitted_text.h"

#include <QAccessible>
#include <QCoreApplication>
#include <QDateTime>
#include <QFontMetricsF>
#include <QLocale>
#include <QPainter>

#include <algorithm>

namespace enroll::ui {
namespace {

constexpr double kMargin = 80;
constexpr double kProductTop = 80;
constexpr double kStationTop = 220;
constexpr double kStation = 148;
constexpr double kSmallestStation = 40;
constexpr double kLine = 32;
constexpr double kLabelWidth = 200;
constexpr double kRowHeight = 48;
constexpr double kIcon = 24;
constexpr double kIconGap = 12;
constexpr double kSmallestValue = 16; // on one line
constexpr double kFoot = 88;          // from below

} // namespace

StationCard::StationCard(const Theme& theme, StationIdentity identity, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_identity(std::move(identity))
{
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
    showTime();
}

void StationCard::show(const std::vector<CardRow>& rows)
{
    m_rows = rows;
    QStringList parts{m_identity.station};
    for (const auto& row : rows) {
        parts << tr("%1: %2", "read aloud: what, and what of it").arg(row.label, row.value);
    }
    setAccessibleName(parts.join(QLatin1String(", ")));
    update();
}

void StationCard::setScale(const ScreenScale& scale)
{
    m_scale = scale;
    update();
}

void StationCard::alert()
{
    if (isVisible()) {
        QAccessibleEvent alert(this, QAccessible::Alert);
        QAccessible::updateAccessibility(&alert);
    }
}

void StationCard::showTime()
{
    const auto now = QDateTime::currentDateTime();
    m_date = now.toString(QStringLiteral("yyyy-MM-dd"));
    m_time = QLocale().toString(now.time(), QStringLiteral("HH:mm"));
    update();
}

void StationCard::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.tokens().surface);
    painter.setRenderHint(QPainter::Antialiasing);
    const auto top = paintHead(painter);
    const auto lowest = height() - m_scale.px(kFoot);
    double rows = 0;
    for (const auto& row : m_rows) {
        rows += rowsFor(row);
    }
    const auto pitch = std::min(m_scale.px(kRowHeight), (lowest - top) / std::max(1.0, rows));
    const auto left = m_scale.px(kMargin);
    QRectF room(left, top, width() - 2 * left, 0);
    for (const auto& row : m_rows) {
        room.setHeight(pitch * rowsFor(row));
        paintRow(painter, row, room);
        room.translate(0, room.height());
    }
    paintFoot(painter);
}

double StationCard::paintHead(QPainter& painter) const
{
    const auto& tokens = m_theme.tokens();
    const auto left = m_scale.px(kMargin);
    const auto wide = width() - 2 * left;
    paintLine(painter, {left, m_scale.px(kProductTop), wide, m_scale.px(32)}, tr("Enrollment Station"),
              m_scale.font(24, QFont::DemiBold), tokens.ink);
    const auto station =
        fitLine(m_scale.font(kStation, QFont::ExtraBold), m_identity.station, wide, m_scale.whole(kSmallestStation));
    const QFontMetricsF metrics(station);
    const QRectF name(left, m_scale.px(kStationTop), wide, metrics.height());
    paintLine(painter, name, m_identity.station, station, tokens.ink, Qt::AlignLeft | Qt::AlignVCenter,
              Qt::ElideMiddle);
    auto below = name.bottom() - metrics.descent() / 2;
    if (!m_identity.line.isEmpty()) {
        const QRectF line(left, below, wide, m_scale.px(kLine * 1.4));
        paintLine(painter, line, m_identity.line, m_scale.font(kLine), tokens.ink2);
        below = line.bottom();
    }
    below += m_scale.px(40);
    painter.fillRect(QRectF(left, below, wide, 1), tokens.line);
    return below + m_scale.px(40);
}

double StationCard::valueWidth(const CardRow& row) const
{
    const auto icon = row.icon == CardRow::Icon::None ? 0 : m_scale.px(kIcon + kIconGap);
    return width() - 2 * m_scale.px(kMargin) - m_scale.px(kLabelWidth) - icon;
}

double StationCard::rowsFor(const CardRow& row) const
{
    const QFontMetricsF smallest(m_scale.font(kSmallestValue, QFont::DemiBold));
    return smallest.horizontalAdvance(row.value) <= valueWidth(row) ? 1 : 2;
}

void StationCard::paintRow(QPainter& painter, const CardRow& row, const QRectF& room) const
{
    const auto& tokens = m_theme.tokens();
    const auto label = m_scale.font(20);
    paintLine(painter, {room.left(), room.top(), m_scale.px(kLabelWidth - 8), room.height()}, row.label,
              fitLine(label, row.label, m_scale.px(kLabelWidth - 8), kSmallestText), tokens.ink2);
    auto value = room.adjusted(m_scale.px(kLabelWidth), 0, 0, 0);
    const auto side = m_scale.px(kIcon);
    const QRectF icon(value.left(), room.center().y() - side / 2, side, side);
    switch (row.icon) {
    case CardRow::Icon::None:
        break;
    case CardRow::Icon::Tick:
        paintTick(painter, icon, tokens.ink);
        break;
    case CardRow::Icon::Spanner:
        paintVerdictSymbol(painter, icon, VerdictSymbol::Station, tokens.station.fill, tokens.surface);
        break;
    case CardRow::Icon::Saved:
        paintRecordSymbol(painter, icon, RecordSymbol::Saved, tokens.ink);
        break;
    case CardRow::Icon::Queued:
        paintRecordSymbol(painter, icon, RecordSymbol::Queued, tokens.ink);
        break;
    }
    value.setLeft(value.right() - valueWidth(row));
    const auto strong = m_scale.font(20, QFont::DemiBold);
    if (rowsFor(row) == 1) {
        const auto fitted = fitLine(strong, row.value, value.width(), m_scale.whole(kSmallestValue));
        return paintLine(painter, value, row.value, fitted, tokens.ink);
    }
    const auto fitted = fitBlock(strong, row.value, value.size(), kSmallestText); // why the station is not ready
    const auto used = std::min(value.height(), blockHeight(fitted, row.value, value.width()));
    value.setTop(value.center().y() - used / 2);
    paintBlock(painter, value, row.value, fitted, tokens.ink);
}

void StationCard::paintFoot(QPainter& painter) const
{
    const auto& tokens = m_theme.tokens();
    const auto left = m_scale.px(kMargin);
    const QRectF room(left, height() - m_scale.px(kFoot), width() - 2 * left, m_scale.px(48));
    const auto small = m_scale.font(18);
    const auto large = m_scale.font(24, QFont::DemiBold);
    const auto version = QCoreApplication::applicationVersion();
    if (!version.isEmpty()) {
        paintLine(painter, room, tr("Version %1").arg(version), small, tokens.ink2);
    }
    const auto right = Qt::AlignRight | Qt::AlignVCenter;
    paintLine(painter, room, m_time, large, tokens.ink, right);
    const auto time = QFontMetricsF(large).horizontalAdvance(m_time) + m_scale.px(24);
    paintLine(painter, room.adjusted(0, 0, -time, 0), m_date, small, tokens.ink2, right);
}

} // namespace enroll::ui
