#pragma once

#include "ui/theme/tokens.h"
#include "ui/widgets/screen_scale.h"

#include <QColor>
#include <QRectF>
#include <QString>

#include <vector>

class QPainter;

namespace enroll::ui {

inline constexpr double kBarMargin = 24;
inline constexpr double kBarGroupGap = 24;
inline constexpr double kBarWordGap = 10;
inline constexpr double kBarGapAfterName = 24;
inline constexpr double kBarGapAfterNumber = 6;
// A reason may be long: this much holds its code and a word.
inline constexpr double kLeastReason = 150;
inline constexpr double kLeastCutLast = 60;

enum class BarIcon { None, Tick, Spanner, Queued };

struct BarWord {
    QString text;
    QFont font;
    QColor colour;
    double gap = kBarWordGap; ///< before the next word
    int rank = 0;             ///< as BarGroup::rank; it goes by itself
};

/// Words that belong together, set off from the next group by a line.
struct BarGroup {
    std::vector<BarWord> words;
    BarIcon icon = BarIcon::None;
    QString boxed;          ///< said in a box after the words
    int rank = 0;           ///< the highest rank goes first when there is no room; 0 stays
    bool isCutLast = false; ///< its first word is cut when nothing else can give way
};

/// How the words of the app bar look, and how much room they take.
class BarStyle {
public:
    BarStyle(const ScreenScale& scale, const Tokens& tokens) : m_scale(scale), m_tokens(tokens) {}

    [[nodiscard]] BarWord plain(const QString& text) const { return {text, m_scale.font(20), m_tokens.ink2}; }
    [[nodiscard]] BarWord strong(const QString& text, double gap = kBarWordGap) const
    {
        return {text, m_scale.font(20, QFont::DemiBold), m_tokens.ink, gap};
    }
    [[nodiscard]] BarWord number(int value) const { return strong(QString::number(value), kBarGapAfterNumber); }
    [[nodiscard]] BarWord large(const QString& text, double size, QFont::Weight weight) const
    {
        return {text, m_scale.font(size, weight), m_tokens.ink, kBarGapAfterName};
    }

    [[nodiscard]] static double width(const BarWord& word);
    [[nodiscard]] double width(const BarGroup& group) const;
    /// With the gaps and lines between them.
    [[nodiscard]] double width(const std::vector<BarGroup>& groups) const;
    [[nodiscard]] double iconWidth(const BarGroup& group) const;
    [[nodiscard]] double boxWidth(const BarGroup& group) const;
    [[nodiscard]] double px(double reference) const { return m_scale.px(reference); }
    [[nodiscard]] const Tokens& tokens() const { return m_tokens; }

private:
    const ScreenScale& m_scale;
    const Tokens& m_tokens;
};

/// Groups at both ends of the bar, where they stand.
struct BarRow {
    std::vector<BarGroup> left;
    std::vector<BarGroup> right;
    double leftStart = 0;
    double rightStart = 0;
};

/// The groups for which there is room between \p from and \p to. If room lacks, groups and words are left out, the highest rank
/// first. If room lacks still, words are cut: the reason beside the station's condition (the last word of the first group at the
/// right) down to its code, then the subject (the first word of the last group at the left), then the rest of the reason, and
/// then, down to kLeastCutLast, what is cut last.
BarRow fittedRow(const BarStyle& style, double from, double to, std::vector<BarGroup> left,
                 std::vector<BarGroup> right);

/// The least width of the groups \p left, without the subject, which may be cut, and with the gap behind them.
double leastLeftWidth(const BarStyle& style, std::vector<BarGroup> left);
/// The least width of the groups \p right, with so much of the reason that its code can be read.
double leastRightWidth(const BarStyle& style, std::vector<BarGroup> right);

/// The line between two groups.
void paintBarLine(QPainter& painter, const BarStyle& style, const QRectF& area, double x);
void paintBarGroups(QPainter& painter, const BarStyle& style, const QRectF& area, double x,
                    const std::vector<BarGroup>& groups);

} // namespace enroll::ui
