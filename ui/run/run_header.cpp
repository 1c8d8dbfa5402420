#include "ui/run/run_header.h"

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

enum class Icon { None, Tick, Spanner, Queued };

struct Word {
    QString text;
    QFont font;
    QColor colour;
    double gap = kGap; ///< before the next word
};

/// Words that belong together, set off from the next group by a line.
struct Group {
    std::vector<Word> words;
    Icon icon = Icon::None;
    QString boxed; ///< said in a box after the words
    int rank = 0;  ///< the highest rank goes first when there is no room
};

class HeaderPainting {
public:
    HeaderPainting(QPainter& painter, const QRectF& area, const ScreenScale& scale, const Tokens& tokens)
        : m_painter(painter), m_area(area.adjusted(scale.px(kMargin), 0, -scale.px(kMargin), 0)), m_scale(scale),
          m_tokens(tokens)
    {}

    void paint(std::vector<Group> left, std::vector<Group> right)
    {
        while (width(left) + width(right) > m_area.width() && dropOne(left, right)) {
        }
        shorten(right, width(left) + width(right) - m_area.width());
        paintFrom(m_area.left(), left);
        const auto start = std::max(m_area.right() - width(right), m_area.left() + width(left));
        paintFrom(start + m_scale.px(kGroupGap), right);
    }

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

    /// The last word of the first group, the station's reason, gives way last of all.
    static void shorten(std::vector<Group>& groups, double excess)
    {
        if (excess <= 0 || groups.empty() || groups.front().words.size() < 2) {
            return;
        }
        auto& word = groups.front().words.back();
        const QFontMetricsF metrics(word.font);
        word.text = metrics.elidedText(word.text, Qt::ElideRight, metrics.horizontalAdvance(word.text) - excess - 1);
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

    [[nodiscard]] double width(const Group& group) const
    {
        auto total = iconWidth(group) + boxWidth(group) - m_scale.px(lastGap(group));
        for (const auto& word : group.words) {
            total += QFontMetricsF(word.font).horizontalAdvance(word.text) + m_scale.px(word.gap);
        }
        return total + (group.boxed.isEmpty() ? 0 : m_scale.px(lastGap(group)));
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
                m_painter.fillRect(QRectF(x, m_area.center().y() - half, 1, 2 * half), m_tokens.line);
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
            paintLine(m_painter, {x, m_area.top(), advance + 1, m_area.height()}, word.text, word.font, word.colour);
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
        m_painter.setRenderHint(QPainter::Antialiasing);
        m_painter.setPen(QPen(m_tokens.control, 1.5));
        m_painter.setBrush(m_tokens.raised);
        m_painter.drawRoundedRect(box, 4, 4);
        paintLine(m_painter, box, text, strong({}).font, m_tokens.ink, Qt::AlignCenter);
    }

    void paintIcon(const QRectF& box, Icon icon)
    {
        switch (icon) {
        case Icon::None:
            return;
        case Icon::Tick:
            return paintTick(m_painter, box, m_tokens.ink);
        case Icon::Spanner:
            return paintVerdictSymbol(m_painter, box, VerdictSymbol::Station, m_tokens.station.fill, m_tokens.surface);
        case Icon::Queued:
            return paintRecordSymbol(m_painter, box, RecordSymbol::Queued, m_tokens.ink2);
        }
    }

    QPainter& m_painter;
    QRectF m_area;
    const ScreenScale& m_scale;
    const Tokens& m_tokens;
};

QString conditionWord(StationCondition::State state)
{
    switch (state) {
    case StationCondition::State::Ready:
        return RunHeader::tr("Station ready");
    case StationCondition::State::Degraded:
        return RunHeader::tr("Degraded");
    case StationCondition::State::Stopped:
        break;
    }
    return RunHeader::tr("Stopped");
}

QString devicesText(int devices)
{
    return devices == 1 ? RunHeader::tr("device tested today") : RunHeader::tr("devices tested today");
}

std::vector<Group> leftGroups(const RunHeaderContent& content, const HeaderPainting& style)
{
    std::vector<Group> groups;
    Group station{{style.large(content.station, 32, QFont::Bold)}, Icon::None, {}, 0};
    if (!content.line.isEmpty()) {
        station.words.push_back(style.plain(content.line));
    }
    groups.push_back(station);
    Group profile{{style.strong(content.profile)}, Icon::None, {}, 0};
    if (content.softwareTpms == SoftwareTpms::Allowed) {
        profile.boxed = RunHeader::tr("Software TPMs allowed");
    }
    groups.push_back(profile);
    if (content.devicesTested) {
        groups.push_back({{style.number(*content.devicesTested), style.plain(devicesText(*content.devicesTested))},
                          Icon::None,
                          {},
                          2});
    }
    return groups;
}

std::vector<Group> rightGroups(const RunHeaderContent& content, const HeaderPainting& style)
{
    std::vector<Group> groups;
    const auto ready = content.condition.state == StationCondition::State::Ready;
    Group condition{{style.strong(conditionWord(content.condition.state))}, ready ? Icon::Tick : Icon::Spanner, {}, 0};
    if (!content.condition.reason.isEmpty()) {
        condition.words.push_back(style.plain(content.condition.reason));
    }
    groups.push_back(condition);
    if (content.queued) {
        groups.push_back({{style.number(*content.queued), style.plain(RunHeader::tr("queued"))}, Icon::Queued, {}, 0});
    }
    groups.push_back({{style.large(content.clock, 28, QFont::DemiBold)}, Icon::None, {}, 1});
    return groups;
}

} // namespace

RunHeader::RunHeader(const Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme)
{
    setObjectName(QStringLiteral("runHeader"));
    setScale({});
    connect(&theme, &Theme::changed, this, [this] { update(); });
}

void RunHeader::show(const RunHeaderContent& content)
{
    if (content == m_content) {
        return;
    }
    m_content = content;
    QStringList parts{content.station, content.profile};
    if (content.softwareTpms == SoftwareTpms::Allowed) {
        parts << tr("Software TPMs allowed");
    }
    parts << conditionWord(content.condition.state) << content.condition.reason;
    if (content.queued) {
        parts << tr("%1 queued").arg(*content.queued);
    }
    parts.removeAll(QString());
    setAccessibleName(parts.join(QLatin1String(", ")));
    update();
}

void RunHeader::setScale(const ScreenScale& scale)
{
    m_scale = scale;
    setFixedHeight(m_scale.whole(kHeight));
    update();
}

void RunHeader::paintEvent(QPaintEvent*)
{
    const auto& tokens = m_theme.tokens();
    QPainter painter(this);
    painter.fillRect(rect(), tokens.surface);
    painter.fillRect(QRect(0, height() - 1, width(), 1), tokens.line);
    HeaderPainting painting(painter, QRectF(rect()).adjusted(0, 0, 0, -1), m_scale, tokens);
    painting.paint(leftGroups(m_content, painting), rightGroups(m_content, painting));
}

} // namespace enroll::ui
