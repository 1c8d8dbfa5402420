#include "ui/shell/bar_row.h"

#include "ui/widgets/fitted_text.h"
#include "ui/widgets/symbols.h"

#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>

namespace enroll::ui {
namespace {

/// The highest rank among the groups and their words.
int highestRank(const std::vector<BarGroup>& groups)
{
    int highest = 0;
    for (const auto& group : groups) {
        highest = std::max(highest, group.rank);
        for (const auto& word : group.words) {
            highest = std::max(highest, word.rank);
        }
    }
    return highest;
}

void dropRank(std::vector<BarGroup>& groups, int rank)
{
    std::erase_if(groups, [rank](const BarGroup& group) { return group.rank == rank; });
    for (auto& group : groups) {
        std::erase_if(group.words, [rank](const BarWord& word) { return word.rank == rank; });
    }
}

/// Drops what has the highest rank; false: nothing has any.
bool dropHighest(std::vector<BarGroup>& left, std::vector<BarGroup>& right)
{
    const auto leftRank = highestRank(left);
    const auto rightRank = highestRank(right);
    dropRank(rightRank > leftRank ? right : left, std::max({leftRank, rightRank, 1}));
    return std::max(leftRank, rightRank) > 0;
}

void dropAllRanked(std::vector<BarGroup>& groups)
{
    std::vector<BarGroup> none;
    while (dropHighest(groups, none)) {
    }
}

/// Cuts \p word by \p excess, but leaves \p least of it; what says nothing any more goes whole.
void shorten(BarWord& word, double excess, double least)
{
    constexpr qsizetype kTellsNothing = 4; // and a dot for the rest
    const QFontMetricsF metrics(word.font);
    const auto now = metrics.horizontalAdvance(word.text);
    if (excess <= 0 || now <= least) {
        return;
    }
    word.text = metrics.elidedText(word.text, Qt::ElideRight, std::max(least, now - excess - 1));
    if (word.text.size() < kTellsNothing) {
        word.text.clear();
    }
}

/// The reason beside the station's condition, if it has one.
BarWord* reasonIn(std::vector<BarGroup>& right)
{
    return right.empty() || right.front().words.size() < 2 ? nullptr : &right.front().words.back();
}

class GroupPainting {
public:
    GroupPainting(QPainter& painter, const BarStyle& style, const QRectF& area)
        : m_painter(painter), m_style(style), m_area(area)
    {}

    void group(double x, const BarGroup& group)
    {
        const auto side = m_style.px(24);
        icon({x, m_area.center().y() - side / 2, side, side}, group.icon);
        x += m_style.iconWidth(group);
        for (const auto& word : group.words) {
            const auto advance = QFontMetricsF(word.font).horizontalAdvance(word.text);
            paintLine(m_painter, {x, m_area.top(), advance + 1, m_area.height()}, word.text, word.font, word.colour);
            x += advance + m_style.px(word.gap);
        }
        if (!group.boxed.isEmpty()) {
            box({x, m_area.center().y() - m_style.px(18), m_style.boxWidth(group), m_style.px(36)}, group.boxed);
        }
    }

private:
    void box(const QRectF& box, const QString& text)
    {
        m_painter.setRenderHint(QPainter::Antialiasing);
        m_painter.setPen(QPen(m_style.tokens().control, 1.5));
        m_painter.setBrush(m_style.tokens().raised);
        m_painter.drawRoundedRect(box, 4, 4);
        paintLine(m_painter, box, text, m_style.strong({}).font, m_style.tokens().ink, Qt::AlignCenter);
    }

    void icon(const QRectF& box, BarIcon icon)
    {
        const auto& tokens = m_style.tokens();
        switch (icon) {
        case BarIcon::None:
            return;
        case BarIcon::Tick:
            return paintTick(m_painter, box, tokens.ink);
        case BarIcon::Spanner:
            return paintVerdictSymbol(m_painter, box, VerdictSymbol::Station, tokens.station.fill, tokens.surface);
        case BarIcon::Queued:
            return paintRecordSymbol(m_painter, box, RecordSymbol::Queued, tokens.ink2);
        }
    }

    QPainter& m_painter;
    const BarStyle& m_style;
    const QRectF& m_area;
};

} // namespace

double BarStyle::iconWidth(const BarGroup& group) const
{
    return group.icon == BarIcon::None ? 0 : px(24 + kBarWordGap);
}

double BarStyle::boxWidth(const BarGroup& group) const
{
    return group.boxed.isEmpty() ? 0 : QFontMetricsF(strong({}).font).horizontalAdvance(group.boxed) + px(20);
}

double BarStyle::width(const BarWord& word)
{
    return QFontMetricsF(word.font).horizontalAdvance(word.text);
}

double BarStyle::width(const BarGroup& group) const
{
    const auto lastGap = px(group.words.back().gap);
    auto total = iconWidth(group) + boxWidth(group) - (group.boxed.isEmpty() ? lastGap : 0);
    for (const auto& word : group.words) {
        total += width(word) + px(word.gap);
    }
    return total;
}

double BarStyle::width(const std::vector<BarGroup>& groups) const
{
    double total = 0;
    for (const auto& group : groups) {
        total += width(group) + px(2 * kBarGroupGap);
    }
    return std::max(0.0, total - px(2 * kBarGroupGap));
}

BarRow fittedRow(const BarStyle& style, double from, double to, std::vector<BarGroup> left, std::vector<BarGroup> right)
{
    const auto leftEnd = [&] { return left.empty() ? from : from + style.width(left) + style.px(2 * kBarGroupGap); };
    const auto excess = [&] { return leftEnd() + style.width(right) - to; };
    while (excess() > 0 && dropHighest(left, right)) {
    }
    auto* reason = reasonIn(right);
    if (reason != nullptr) {
        shorten(*reason, excess(), style.px(kLeastReason));
    }
    if (!left.empty()) {
        shorten(left.back().words.front(), excess(), 0);
    }
    if (reason != nullptr) {
        shorten(*reason, excess(), 0);
    }
    if (const auto last = std::ranges::find(right, true, &BarGroup::isCutLast); last != right.end()) {
        shorten(last->words.front(), excess(), style.px(kLeastCutLast));
    }
    const auto rightStart = std::max(to - style.width(right), leftEnd());
    return {std::move(left), std::move(right), from, rightStart};
}

double leastLeftWidth(const BarStyle& style, std::vector<BarGroup> left)
{
    dropAllRanked(left);
    return left.empty() ? 0 : style.width(left) - style.width(left.back().words.front()) + style.px(2 * kBarGroupGap);
}

double leastRightWidth(const BarStyle& style, std::vector<BarGroup> right)
{
    dropAllRanked(right);
    const auto* reason = reasonIn(right);
    const auto cut = reason == nullptr ? 0 : std::max(0.0, style.width(*reason) - style.px(kLeastReason));
    return style.width(right) - cut;
}

void paintBarLine(QPainter& painter, const BarStyle& style, const QRectF& area, double x)
{
    const auto half = style.px(20);
    painter.fillRect(QRectF(x, area.center().y() - half, 1, 2 * half), style.tokens().line);
}

void paintBarGroups(QPainter& painter, const BarStyle& style, const QRectF& area, double x,
                    const std::vector<BarGroup>& groups)
{
    GroupPainting painting(painter, style, area);
    for (std::size_t i = 0; i < groups.size(); ++i) {
        if (i > 0) {
            paintBarLine(painter, style, area, x);
            x += style.px(kBarGroupGap);
        }
        painting.group(x, groups[i]);
        x += style.width(groups[i]) + style.px(kBarGroupGap);
    }
}

} // namespace enroll::ui
