#include "ui/shell/navigation_tab.h"

#include "ui/widgets/fitted_text.h"

#include <QFontMetricsF>
#include <QPainter>

#include <cmath>

namespace enroll::ui {
namespace {

constexpr double kWidePadding = 26;
constexpr double kNarrowPadding = 12;
constexpr double kUnderline = 4;
constexpr int kRing = 3;

} // namespace

NavigationTab::NavigationTab(const QString& title, const Theme& theme, QWidget* parent)
    : QAbstractButton(parent), m_theme(theme)
{
    setText(title);
    setAccessibleName(title);
    setCheckable(true);
    setAutoExclusive(true);
    setFocusPolicy(Qt::TabFocus);
    setCursor(Qt::PointingHandCursor);
    connect(&theme, &Theme::changed, this, [this] { update(); });
}

void NavigationTab::setLook(const ScreenScale& scale, TabPadding padding)
{
    m_scale = scale;
    m_padding = padding;
    updateGeometry();
    update();
}

double NavigationTab::padding() const
{
    return m_scale.px(m_padding == TabPadding::Wide ? kWidePadding : kNarrowPadding);
}

QSize NavigationTab::sizeHint() const
{
    // As wide as the bolder text, so that nothing moves when another screen is chosen.
    const auto text = QFontMetricsF(m_scale.font(kTabText, QFont::DemiBold)).horizontalAdvance(this->text());
    return {static_cast<int>(std::ceil(text + 2 * padding())), parentWidget()->height()};
}

void NavigationTab::paintEvent(QPaintEvent*)
{
    const auto& tokens = m_theme.tokens();
    QPainter painter(this);
    if (underMouse() && !isChecked()) {
        painter.fillRect(rect().adjusted(0, 0, 0, -1), tokens.hover);
    }
    // Above the bar's lower line, as the bar's own words are.
    paintLine(painter, rect().adjusted(0, 0, 0, -1), text(),
              m_scale.font(kTabText, isChecked() ? QFont::DemiBold : QFont::Medium),
              isChecked() ? tokens.ink : tokens.ink2, Qt::AlignCenter);
    if (isChecked()) {
        const auto inset = padding();
        const auto thick = m_scale.px(kUnderline);
        painter.fillRect(QRectF(inset, height() - thick, width() - 2 * inset, thick), tokens.ink);
    }
    if (hasFocus()) {
        painter.setPen(QPen(tokens.ink, kRing));
        painter.drawRect(rect().adjusted(kRing, kRing, -kRing - 1, -kRing - 1));
    }
}

} // namespace enroll::ui
