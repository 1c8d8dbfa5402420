#include "ui/run/shift_counters.h"

#include "ui/widgets/fitted_text.h"
#include "ui/widgets/symbols.h"

#include <QFontMetricsF>
#include <QLocale>
#include <QPainter>

#include <cmath>

namespace enroll::ui {
namespace {

constexpr double kGap = 28;
constexpr double kIcon = 28;
constexpr double kIconGap = 10;
constexpr double kNumberRow = 42;
constexpr double kLabelRow = 24;
constexpr double kLabel = 18;
constexpr double kLineRoom = 24;
constexpr double kMargin = 24; // the tiles end there, too

struct Cell {
    QString number;
    QString label;
    std::optional<VerdictSymbol> symbol;
    FillPair colours;
};

std::vector<Cell> cellsOf(const std::optional<ShiftCount>& count, const Tokens& tokens)
{
    const auto number = [&](int ShiftCount::*member) {
        return count ? QString::number(*count.*member) : QString(QChar(0x2013));
    };
    return {
        {number(&ShiftCount::pass), ShiftCounters::tr("Pass"), VerdictSymbol::Pass, tokens.pass},
        {number(&ShiftCount::fail), ShiftCounters::tr("Fail"), VerdictSymbol::Fail, tokens.fail},
        {number(&ShiftCount::hold), ShiftCounters::tr("Hold"), VerdictSymbol::Hold, tokens.hold},
        {yieldText(count ? count->firstPassYield : std::nullopt), ShiftCounters::tr("First-pass yield"), {}, {}},
    };
}

enum class Words { Shown, LeftOut };

/// What the numbers count, for who hears the screen; who sees it has the tooltip, and the header's words.
QString ruleText()
{
    return ShiftCounters::tr("Devices, each by its last verdict");
}

double widthOf(const Cell& cell, const ScreenScale& scale, Words words)
{
    const auto icon = cell.symbol ? scale.px(kIcon + kIconGap) : 0.0;
    const auto number = QFontMetricsF(scale.font(36, QFont::Bold)).horizontalAdvance(cell.number);
    const auto label = QFontMetricsF(scale.font(kLabel)).horizontalAdvance(cell.label);
    return words == Words::Shown ? std::max(icon + number, label) : icon + number;
}

} // namespace

QString yieldText(const std::optional<double>& yield)
{
    if (!yield) {
        return QString(QChar(0x2013));
    }
    // Rounded down: a day with one failure never reads as 100 %.
    const auto tenths = std::floor(*yield * 1000) / 10;
    return ShiftCounters::tr("%1 %", "a part of a hundred").arg(QLocale().toString(tenths, 'f', 1));
}

ShiftCounters::ShiftCounters(const Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme)
{
    setObjectName(QStringLiteral("shiftCounters"));
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Expanding);
    setToolTip(tr("Of the shift, or of today where nobody signs in.\n"
                  "Pass, fail, hold: each device once, by its last verdict. Another test of it changes that.\n"
                  "First-pass yield: of the devices that were judged, the part whose first verdict was PASS.\n"
                  "Station faults and stopped tests are not counted, and change no verdict."));
    connect(&theme, &Theme::changed, this, [this] { update(); });
}

void ShiftCounters::show(const std::optional<ShiftCount>& count)
{
    if (count == m_count) {
        return;
    }
    m_count = count;
    QStringList parts;
    for (const auto& cell : cellsOf(count, m_theme.tokens())) {
        parts << tr("%1 %2", "read aloud: counter, its number").arg(cell.label, cell.number);
    }
    parts << ruleText();
    setAccessibleName(parts.join(QLatin1String(", ")));
    updateGeometry();
    update();
}

void ShiftCounters::setScale(const ScreenScale& scale)
{
    m_scale = scale;
    updateGeometry();
    update();
}

double ShiftCounters::widthOf(Shown shown) const
{
    if (shown == Shown::Nothing) {
        return 0;
    }
    const auto words = shown == Shown::Everything ? Words::Shown : Words::LeftOut;
    auto width = m_scale.px(kLineRoom + kMargin - kGap);
    for (const auto& cell : cellsOf(m_count, m_theme.tokens())) {
        if (cell.symbol || shown != Shown::Verdicts) {
            width += ui::widthOf(cell, m_scale, words) + m_scale.px(kGap);
        }
    }
    return std::ceil(width);
}

void ShiftCounters::fitInto(double width)
{
    auto shown = Shown::Nothing;
    for (const auto less : {Shown::Verdicts, Shown::Numbers, Shown::Everything}) {
        shown = widthOf(less) <= width ? less : shown;
    }
    if (shown != m_shown) {
        m_shown = shown;
        updateGeometry();
        update();
    }
}

QSize ShiftCounters::sizeHint() const
{
    return {static_cast<int>(widthOf(m_shown)), m_scale.whole(80)};
}

void ShiftCounters::paintEvent(QPaintEvent*)
{
    if (m_shown == Shown::Nothing) {
        return;
    }
    const auto& tokens = m_theme.tokens();
    QPainter painter(this);
    const auto middle = height() / 2.0;
    painter.fillRect(QRectF(0, middle - m_scale.px(40), 1, m_scale.px(80)), tokens.line);
    auto x = m_scale.px(kLineRoom);
    const auto words = m_shown == Shown::Everything ? Words::Shown : Words::LeftOut;
    const auto rows = words == Words::Shown ? kNumberRow + kLabelRow : kNumberRow;
    const auto top = middle - m_scale.px(rows / 2);
    for (const auto& cell : cellsOf(m_count, tokens)) {
        if (!cell.symbol && m_shown == Shown::Verdicts) {
            continue;
        }
        const auto width = ui::widthOf(cell, m_scale, words);
        auto left = x;
        if (cell.symbol) {
            const auto side = m_scale.px(kIcon);
            paintSmallVerdictSymbol(painter, {x, top + (m_scale.px(kNumberRow) - side) / 2, side, side}, *cell.symbol,
                                    cell.colours);
            left += m_scale.px(kIcon + kIconGap);
        }
        paintLine(painter, {left, top, width + 2, m_scale.px(kNumberRow)}, cell.number, m_scale.font(36, QFont::Bold),
                  tokens.ink);
        if (words == Words::Shown) {
            paintLine(painter, {x, top + m_scale.px(kNumberRow), width + 2, m_scale.px(kLabelRow)}, cell.label,
                      m_scale.font(kLabel), tokens.ink2);
        }
        x += width + m_scale.px(kGap);
    }
}

} // namespace enroll::ui
