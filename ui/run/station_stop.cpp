#include "ui/run/station_stop.h"

#include "ui/model/catalog_text.h"
#include "ui/widgets/fitted_text.h"
#include "ui/widgets/symbols.h"

#include <QAccessible>
#include <QPainter>

namespace enroll::ui {
namespace {

constexpr double kHeight = 176;
constexpr double kMargin = 24;
constexpr double kSymbol = 96;
constexpr double kHeadline = 64; // 12.3 mm capitals: read from two metres
constexpr double kNext = 30;
constexpr double kDetails = 20; // read by who comes to mend it

} // namespace

StationStop::StationStop(const Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme)
{
    setObjectName(QStringLiteral("stationStop"));
    setScale({});
    hide();
    connect(&theme, &Theme::changed, this, [this] { update(); });
}

void StationStop::show(const std::optional<Error>& reason)
{
    if (reason) {
        m_headline = headlineText(*reason);
        m_next = tr("%1  %2").arg(codeText(reason->code), instructionText(reason->code));
        m_details = tr("For IT, in English: %1").arg(QString::fromStdString(describeForLog(*reason)));
        setAccessibleName(tr("Station, %1 %2").arg(m_headline, m_next));
        setAccessibleDescription(m_details);
        setToolTip(m_details); // it may be longer than the line
        QAccessibleEvent alert(this, QAccessible::Alert);
        QAccessible::updateAccessibility(&alert);
    }
    setVisible(reason.has_value());
    update();
}

void StationStop::setScale(const ScreenScale& scale)
{
    m_scale = scale;
    setFixedHeight(m_scale.whole(kHeight));
    update();
}

void StationStop::paintEvent(QPaintEvent*)
{
    const auto& colours = m_theme.tokens().station;
    QPainter painter(this);
    painter.fillRect(rect(), colours.fill);
    const auto side = m_scale.px(kSymbol);
    const QRectF symbol(m_scale.px(kMargin), (height() - side) / 2, side, side);
    paintVerdictSymbol(painter, symbol, VerdictSymbol::Station, colours.on, colours.fill);

    const auto left = symbol.right() + m_scale.px(kMargin);
    const auto room = width() - left - m_scale.px(kMargin);
    const auto headline = fitLine(m_scale.font(kHeadline, QFont::Bold), m_headline, room, 13);
    paintLine(painter, {left, m_scale.px(16), room, m_scale.px(68)}, m_headline, headline, colours.on);
    const auto next = fitLine(m_scale.font(kNext, QFont::DemiBold), m_next, room, 13);
    paintLine(painter, {left, m_scale.px(88), room, m_scale.px(40)}, m_next, next, colours.on);
    paintLine(painter, {left, m_scale.px(132), room, m_scale.px(30)}, m_details, m_scale.font(kDetails, QFont::Normal),
              colours.on, Qt::AlignLeft | Qt::AlignVCenter, Qt::ElideMiddle);
}

} // namespace enroll::ui
