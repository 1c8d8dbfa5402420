#include "ui/shell/app_bar.h"

#include "ui/shell/navigation_tab.h"

#include <QFontMetricsF>
#include <QMenu>
#include <QPainter>

#include <algorithm>
#include <span>

namespace enroll::ui {
namespace {

constexpr double kHeight = 72;
constexpr double kGapBeforeTabs = 24;
// With tabs the bar is used at the desk: 56 px high and texts of 15 to 16 px, in every window.
constexpr double kDeskScale = 56 / kHeight;

// What gives way where room lacks, the highest first. Who is signed in stays: their name is on every run.
enum Rank { kStays, kClock, kOrderRemark = kClock, kCounted, kLine, kReadyReason, kRole };

QString conditionWord(StationCondition::State state)
{
    switch (state) {
    case StationCondition::State::Ready:
        return AppBar::tr("Station ready");
    case StationCondition::State::Degraded:
        return AppBar::tr("Degraded");
    case StationCondition::State::Stopped:
        break;
    }
    return AppBar::tr("Stopped");
}

BarWord ranked(BarWord word, Rank rank)
{
    word.rank = rank;
    return word;
}

BarGroup stationGroup(const AppBarContent& content, const BarStyle& style)
{
    BarGroup station{{style.large(content.station, 32, QFont::Bold)}, BarIcon::None, {}, 0};
    if (!content.line.isEmpty()) {
        station.words.push_back(ranked(style.plain(content.line), kLine));
    }
    return station;
}

/// A number may have 64 characters: then its two ends tell it from others.
BarGroup orderGroup(const QString& number, const BarStyle& style)
{
    constexpr double kWidest = 260;
    auto word = style.strong(number);
    word.text = QFontMetricsF(word.font).elidedText(number, Qt::ElideMiddle, style.px(kWidest));
    return {{style.plain(AppBar::tr("Work order", "before its number")), word}, BarIcon::None, {}, 0};
}

std::vector<BarGroup> captionGroups(const Caption& caption, const BarStyle& style)
{
    std::vector<BarGroup> groups;
    if (!caption.order.isEmpty()) {
        groups.push_back(orderGroup(caption.order, style));
    }
    if (!caption.orderRemark.isEmpty()) {
        groups.push_back({{style.plain(caption.orderRemark)}, BarIcon::None, {}, kOrderRemark});
    }
    if (!caption.subject.isEmpty() || !caption.caution.isEmpty()) {
        groups.push_back({{style.strong(caption.subject)}, BarIcon::None, caption.caution, 0});
    }
    if (caption.counted) {
        groups.push_back({{style.number(caption.counted->number), style.plain(caption.counted->words)},
                          BarIcon::None,
                          {},
                          kCounted});
    }
    return groups;
}

BarGroup personGroup(const Caption& caption, const BarStyle& style)
{
    constexpr double kWidest = 220;
    auto name = style.strong(caption.person);
    name.text = QFontMetricsF(name.font).elidedText(caption.person, Qt::ElideRight, style.px(kWidest));
    return {{name, ranked(style.plain(caption.role), kRole)}, BarIcon::None, {}, kStays, true};
}

std::vector<BarGroup> rightGroups(const AppBarContent& content, const BarStyle& style)
{
    std::vector<BarGroup> groups;
    const auto ready = content.condition.state == StationCondition::State::Ready;
    BarGroup condition{
        {style.strong(conditionWord(content.condition.state))}, ready ? BarIcon::Tick : BarIcon::Spanner, {}, 0};
    if (!content.condition.reason.isEmpty()) {
        condition.words.push_back(ranked(style.plain(content.condition.reason), ready ? kReadyReason : kStays));
    }
    groups.push_back(condition);
    if (content.queued) {
        groups.push_back({{style.number(*content.queued),
                           style.plain(AppBar::tr("queued", "records, after their number", *content.queued))},
                          BarIcon::Queued,
                          {},
                          0});
    }
    if (!content.caption.person.isEmpty()) {
        groups.push_back(personGroup(content.caption, style));
    }
    groups.push_back({{style.large(content.clock, 28, QFont::DemiBold)}, BarIcon::None, {}, kClock});
    return groups;
}

/// Room for a reason is kept while there is no trouble, so that no tab moves when the station's condition changes.
AppBarContent withReason(AppBarContent content)
{
    constexpr int kAnyLength = 40;
    if (content.condition.state == StationCondition::State::Ready) {
        content.condition = {StationCondition::State::Degraded, QString(kAnyLength, QLatin1Char('m'))};
    }
    return content;
}

} // namespace

AppBar::AppBar(const Theme& theme, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_more(new NavigationTab(tr("More"), theme, this)), m_menu(new QMenu(m_more))
{
    setObjectName(QStringLiteral("appBar"));
    m_more->setAutoExclusive(false);
    connect(m_more, &NavigationTab::clicked, this, &AppBar::unfold);
    arrange();
    connect(&theme, &Theme::changed, this, &AppBar::arrange);
}

void AppBar::addTab(const QString& title)
{
    auto* tab = new NavigationTab(title, m_theme, this);
    const auto position = static_cast<int>(m_tabs.size());
    connect(tab, &NavigationTab::clicked, this, [this, position] { Q_EMIT chosen(position); });
    m_tabs.push_back(tab);
    arrange();
}

void AppBar::setCurrent(int tab)
{
    m_tabs.at(static_cast<std::size_t>(tab))->setChecked(true);
    arrange();
}

void AppBar::unfold()
{
    m_menu->clear();
    m_menu->setFont(m_scale.font(kTabText));
    for (auto folded = m_inBar; folded < m_tabs.size(); ++folded) {
        m_menu->addAction(m_tabs[folded]->text(), m_tabs[folded], [tab = m_tabs[folded]] { tab->click(); });
    }
    m_more->setChecked(foldsCurrent());
    m_menu->popup(m_more->mapToGlobal(m_more->rect().bottomLeft()));
}

bool AppBar::foldsCurrent() const
{
    const auto folded = std::span{m_tabs}.subspan(std::min(m_inBar, m_tabs.size()));
    return std::ranges::any_of(folded, [](const auto* tab) { return tab->isChecked(); });
}

void AppBar::show(const AppBarContent& content)
{
    if (content == m_content) {
        return;
    }
    m_content = content;
    QStringList parts{content.station,
                      content.caption.order.isEmpty() ? QString() : tr("work order %1").arg(content.caption.order),
                      content.caption.orderRemark,
                      content.caption.subject,
                      content.caption.caution,
                      conditionWord(content.condition.state),
                      content.condition.reason};
    if (content.queued) {
        parts << tr("%n queued", "records", *content.queued);
    }
    parts << content.caption.person << content.caption.role;
    parts.removeAll(QString());
    setAccessibleName(parts.join(QLatin1String(", ")));
    arrange();
}

void AppBar::setScale(const ScreenScale& scale)
{
    m_window = scale;
    arrange();
}

void AppBar::arrange()
{
    m_scale = navigates() ? ScreenScale::fixed(kDeskScale) : m_window;
    setFixedHeight(m_scale.whole(kHeight));
    const BarStyle style(m_scale, m_theme.tokens());
    auto left = captionGroups(m_content.caption, style);
    auto right = rightGroups(m_content, style);
    auto from = m_window.px(kBarMargin);
    const auto to = width() - m_window.px(kBarMargin);
    m_station = {stationGroup(m_content, style)};
    if (navigates()) {
        m_leastLeft = std::max(m_leastLeft, leastLeftWidth(style, left));
        const auto leastRight = leastRightWidth(style, rightGroups(withReason(m_content), style));
        const auto gap = m_scale.px(kBarGroupGap);
        from = placeTabs(style, from, to - m_leastLeft - leastRight - gap) + gap;
    } else {
        left.insert(left.begin(), m_station.front());
        m_station.clear();
    }
    m_row = fittedRow(style, from, to, std::move(left), std::move(right));
    for (std::size_t i = 0; i < m_tabs.size(); ++i) {
        m_tabs[i]->setVisible(navigates() && i < m_inBar);
    }
    m_more->setVisible(navigates() && m_inBar < m_tabs.size());
    update();
}

std::vector<NavigationTab*> AppBar::tabsInBar() const
{
    std::vector<NavigationTab*> shown(m_tabs);
    shown.resize(m_inBar);
    if (m_inBar < m_tabs.size()) {
        shown.push_back(m_more);
    }
    return shown;
}

double AppBar::widthOfTabs(TabPadding padding) const
{
    double total = 0;
    for (auto* tab : tabsInBar()) {
        tab->setLook(m_scale, padding);
        total += tab->sizeHint().width();
    }
    return total;
}

double AppBar::placeTabs(const BarStyle& style, double from, double to)
{
    const auto start = [&] { return from + style.width(m_station) + m_scale.px(kGapBeforeTabs); };
    m_inBar = m_tabs.size();
    auto padding = TabPadding::Wide;
    if (start() + widthOfTabs(padding) > to) {
        padding = TabPadding::Narrow;
    }
    if (start() + widthOfTabs(padding) > to) { // the station's name tells its line
        m_station.front().words.resize(1, style.plain({}));
    }
    while (start() + widthOfTabs(padding) > to && m_inBar > 1) {
        --m_inBar;
    }
    from = start();
    m_more->setChecked(foldsCurrent());
    for (auto* tab : tabsInBar()) {
        const auto size = tab->sizeHint();
        tab->setGeometry(static_cast<int>(from), 0, size.width(), size.height());
        from += size.width();
    }
    return from;
}

QRectF AppBar::conditionArea() const
{
    const BarStyle style(m_scale, m_theme.tokens());
    return {m_row.rightStart, 0, style.width(m_row.right.front()), static_cast<double>(height())};
}

QString AppBar::conditionShown() const
{
    QStringList words;
    for (const auto& word : m_row.right.front().words) {
        words << word.text;
    }
    return words.join(QLatin1Char(' '));
}

QString AppBar::personShown() const
{
    const auto person = std::ranges::find(m_row.right, true, &BarGroup::isCutLast);
    return person == m_row.right.end() ? QString() : person->words.front().text;
}

void AppBar::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    arrange();
}

void AppBar::paintEvent(QPaintEvent*)
{
    const auto& tokens = m_theme.tokens();
    QPainter painter(this);
    painter.fillRect(rect(), tokens.surface);
    painter.fillRect(QRect(0, height() - 1, width(), 1), tokens.line);
    const BarStyle style(m_scale, tokens);
    const auto area = QRectF(rect()).adjusted(0, 0, 0, -1);
    paintBarGroups(painter, style, area, m_window.px(kBarMargin), m_station);
    if (navigates() && !m_row.left.empty()) { // or what the screen says would read as one more tab
        paintBarLine(painter, style, area, m_row.leftStart - m_scale.px(kBarGroupGap));
    }
    paintBarGroups(painter, style, area, m_row.leftStart, m_row.left);
    paintBarGroups(painter, style, area, m_row.rightStart, m_row.right);
}

} // namespace enroll::ui
