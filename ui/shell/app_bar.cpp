#include "ui/shell/app_bar.h"

#include "ui/shell/navigation_tab.h"
#include "ui/widgets/fitted_text.h"
#include "ui/widgets/symbols.h"

#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>

namespace enroll::ui {
namespace {

constexpr double kHeight = 72;
constexpr double kMargin = 24;
constexpr double kGroupGap = 24;
constexpr double kGap = 10;
constexpr double kGapAfterName = 24;
constexpr double kGapAfterNumber = 6;
constexpr double kGapBeforeTabs = 24;
// With tabs the bar is used at the desk: 56 px high and texts of 15 to 16 px, in every window.
constexpr double kDeskScale = 56 / kHeight;

enum class Icon { None, Tick, Spanner, Queued };

struct Word {
    QString text;
    QFont font;
    QColor colour;
    double gap = kGap; ///< before the next word
};

/// Words that belong together; a line separates them from the next group.
struct Group {
    std::vector<Word> words;
    Icon icon = Icon::None;
    QString boxed; ///< a text in a box after the words
    int rank = 0;  ///< if there is no room, the group with the highest rank is left out first; 0 always stays
};

class BarPainting {
public:
    /// Without a painter it only measures.
    BarPainting(const QRectF& area, const ScreenScale& scale, const Tokens& tokens, QPainter* painter = nullptr)
        : m_painter(painter), m_area(area.adjusted(scale.px(kMargin), 0, -scale.px(kMargin), 0)), m_scale(scale),
          m_tokens(tokens)
    {}

    /// Paints \p group; what is painted next begins at \p end.
    void paintBefore(const Group& group, double end)
    {
        paintFrom(m_area.left(), {group});
        m_area.setLeft(end);
    }

    void paint(std::vector<Group> left, std::vector<Group> right)
    {
        while (width(left) + width(right) > m_area.width() && dropOne(left, right)) {
        }
        if (right.front().words.size() > 1) { // the reason beside the station's condition
            shorten(right.front().words.back(), width(left) + width(right) - m_area.width());
        }
        if (!left.empty()) {
            shorten(left.back().words.front(), width(left) + width(right) - m_area.width());
        }
        paintFrom(m_area.left(), left);
        const auto start = std::max(m_area.right() - width(right), m_area.left() + width(left));
        paintFrom(start + m_scale.px(kGroupGap), right);
    }

    [[nodiscard]] double left() const { return m_area.left(); }
    [[nodiscard]] Word plain(const QString& text) const { return {text, m_scale.font(20), m_tokens.ink2}; }
    [[nodiscard]] Word strong(const QString& text, double gap = kGap) const
    {
        return {text, m_scale.font(20, QFont::DemiBold), m_tokens.ink, gap};
    }
    [[nodiscard]] Word number(int value) const { return strong(QString::number(value), kGapAfterNumber); }
    [[nodiscard]] Word large(const QString& text, double size, QFont::Weight weight) const
    {
        return {text, m_scale.font(size, weight), m_tokens.ink, kGapAfterName};
    }

    [[nodiscard]] double width(const Group& group) const
    {
        auto total = iconWidth(group) + boxWidth(group) - m_scale.px(lastGap(group));
        for (const auto& word : group.words) {
            total += QFontMetricsF(word.font).horizontalAdvance(word.text) + m_scale.px(word.gap);
        }
        return total + (group.boxed.isEmpty() ? 0 : m_scale.px(lastGap(group)));
    }

private:
    static bool dropOne(std::vector<Group>& left, std::vector<Group>& right)
    {
        auto* fullest = &left;
        const auto rank = [](const std::vector<Group>& groups) {
            const auto found = std::ranges::max_element(groups, {}, &Group::rank);
            return found == groups.end() ? 0 : found->rank;
        };
        if (rank(right) > rank(left)) {
            fullest = &right;
        }
        const auto found = std::ranges::max_element(*fullest, {}, &Group::rank);
        if (found == fullest->end() || found->rank == 0) {
            return false;
        }
        fullest->erase(found);
        return true;
    }

    static void shorten(Word& word, double excess)
    {
        if (excess > 0) {
            const QFontMetricsF metrics(word.font);
            const auto room = std::max(0.0, metrics.horizontalAdvance(word.text) - excess - 1);
            word.text = metrics.elidedText(word.text, Qt::ElideRight, room);
        }
    }

    [[nodiscard]] double iconWidth(const Group& group) const
    {
        return group.icon == Icon::None ? 0 : m_scale.px(24 + kGap);
    }

    [[nodiscard]] static double lastGap(const Group& group) { return group.words.back().gap; }

    [[nodiscard]] double boxWidth(const Group& group) const
    {
        return group.boxed.isEmpty() ? 0
                                     : QFontMetricsF(strong({}).font).horizontalAdvance(group.boxed) + m_scale.px(20);
    }

    [[nodiscard]] double width(const std::vector<Group>& groups) const
    {
        double total = 0;
        for (const auto& group : groups) {
            total += width(group) + m_scale.px(2 * kGroupGap);
        }
        return std::max(0.0, total - m_scale.px(kGroupGap));
    }

    void paintFrom(double x, const std::vector<Group>& groups)
    {
        for (std::size_t i = 0; i < groups.size(); ++i) {
            if (i > 0) {
                const auto half = m_scale.px(20);
                m_painter->fillRect(QRectF(x, m_area.center().y() - half, 1, 2 * half), m_tokens.line);
                x += m_scale.px(kGroupGap);
            }
            x = paintGroup(x, groups[i]) + m_scale.px(kGroupGap);
        }
    }

    double paintGroup(double x, const Group& group)
    {
        const auto side = m_scale.px(24);
        paintIcon({x, m_area.center().y() - side / 2, side, side}, group.icon);
        x += iconWidth(group);
        for (const auto& word : group.words) {
            const auto advance = QFontMetricsF(word.font).horizontalAdvance(word.text);
            paintLine(*m_painter, {x, m_area.top(), advance + 1, m_area.height()}, word.text, word.font, word.colour);
            x += advance + m_scale.px(word.gap);
        }
        if (!group.boxed.isEmpty()) {
            paintBox({x, m_area.center().y() - m_scale.px(18), boxWidth(group), m_scale.px(36)}, group.boxed);
            return x + boxWidth(group);
        }
        return x - m_scale.px(lastGap(group));
    }

    void paintBox(const QRectF& box, const QString& text)
    {
        m_painter->setRenderHint(QPainter::Antialiasing);
        m_painter->setPen(QPen(m_tokens.control, 1.5));
        m_painter->setBrush(m_tokens.raised);
        m_painter->drawRoundedRect(box, 4, 4);
        paintLine(*m_painter, box, text, strong({}).font, m_tokens.ink, Qt::AlignCenter);
    }

    void paintIcon(const QRectF& box, Icon icon)
    {
        switch (icon) {
        case Icon::None:
            return;
        case Icon::Tick:
            return paintTick(*m_painter, box, m_tokens.ink);
        case Icon::Spanner:
            return paintVerdictSymbol(*m_painter, box, VerdictSymbol::Station, m_tokens.station.fill, m_tokens.surface);
        case Icon::Queued:
            return paintRecordSymbol(*m_painter, box, RecordSymbol::Queued, m_tokens.ink2);
        }
    }

    QPainter* m_painter;
    QRectF m_area;
    const ScreenScale& m_scale;
    const Tokens& m_tokens;
};

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

Group stationGroup(const AppBarContent& content, const BarPainting& style)
{
    Group station{{style.large(content.station, 32, QFont::Bold)}, Icon::None, {}, 0};
    if (!content.line.isEmpty()) {
        station.words.push_back(style.plain(content.line));
    }
    return station;
}

std::vector<Group> captionGroups(const Caption& caption, const BarPainting& style)
{
    std::vector<Group> groups;
    if (!caption.subject.isEmpty() || !caption.caution.isEmpty()) {
        groups.push_back({{style.strong(caption.subject)}, Icon::None, caption.caution, 0});
    }
    if (caption.counted) {
        groups.push_back(
            {{style.number(caption.counted->number), style.plain(caption.counted->words)}, Icon::None, {}, 2});
    }
    return groups;
}

std::vector<Group> rightGroups(const AppBarContent& content, const BarPainting& style)
{
    std::vector<Group> groups;
    const auto ready = content.condition.state == StationCondition::State::Ready;
    Group condition{{style.strong(conditionWord(content.condition.state))}, ready ? Icon::Tick : Icon::Spanner, {}, 0};
    if (!content.condition.reason.isEmpty()) {
        condition.words.push_back(style.plain(content.condition.reason));
    }
    groups.push_back(condition);
    if (content.queued) {
        groups.push_back({{style.number(*content.queued),
                           style.plain(AppBar::tr("queued", "records, after their number", *content.queued))},
                          Icon::Queued,
                          {},
                          0});
    }
    groups.push_back({{style.large(content.clock, 28, QFont::DemiBold)}, Icon::None, {}, 1});
    return groups;
}

} // namespace

AppBar::AppBar(const Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme)
{
    setObjectName(QStringLiteral("appBar"));
    arrange();
    connect(&theme, &Theme::changed, this, [this] { update(); });
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
}

void AppBar::show(const AppBarContent& content)
{
    if (content == m_content) {
        return;
    }
    m_content = content;
    QStringList parts{content.station, content.caption.subject, content.caption.caution,
                      conditionWord(content.condition.state), content.condition.reason};
    if (content.queued) {
        parts << tr("%n queued", "records", *content.queued);
    }
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
    const BarPainting painting(QRectF(rect()), m_scale, m_theme.tokens());
    auto x = painting.left() + painting.width(stationGroup(m_content, painting)) + m_scale.px(kGapBeforeTabs);
    for (auto* tab : m_tabs) {
        tab->setVisible(navigates());
        tab->setScale(m_scale);
        const auto size = tab->sizeHint();
        tab->setGeometry(static_cast<int>(x), 0, size.width(), size.height());
        x += size.width();
    }
    update();
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
    BarPainting painting(QRectF(rect()).adjusted(0, 0, 0, -1), m_scale, tokens, &painter);
    const auto station = stationGroup(m_content, painting);
    auto left = captionGroups(m_content.caption, painting);
    if (navigates()) {
        painting.paintBefore(station, m_tabs.back()->geometry().right() + m_scale.px(kGroupGap));
    } else {
        left.insert(left.begin(), station);
    }
    painting.paint(left, rightGroups(m_content, painting));
}

} // namespace enroll::ui
