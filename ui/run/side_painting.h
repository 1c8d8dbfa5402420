#pragma once

#include "ui/model/step_lines.h"
#include "ui/run/record_lines.h"
#include "ui/theme/tokens.h"

#include <QFont>
#include <QRectF>

class QPainter;

namespace enroll::ui {

/// Sizes of the rows of a panel beside the tiles, in reference pixels (1920 x 1080, 96 dpi).
struct SideDesign {
    double marginX;
    double marginY;
    double title;
    double titleFont;
    double titleGap;
    double step;
    double stepIcon;
    double stepText; ///< where a step's name begins
    double stepFont;
    double timeFont;
    double timeColumn;
    double record;
    double recordFont;
    double recordText;
    double fact;
    double factFont;
    double factValue;   ///< where the value of a fact begins
    double findingText; ///< where the text beside a code begins
};

/// Few rows, read from where the device is put in.
const SideDesign& roomyDesign();
/// Everything that is known, read from the desk.
const SideDesign& closeDesign();

/// Paints a panel's rows from the top downwards, or measures them.
class SidePainting {
public:
    /// \p painter may be null: then the rows are measured only. \p verdict is the look of the slot's tile.
    SidePainting(QPainter* painter, const QRectF& area, const SideDesign& design, double scale, TileLook verdict,
                 const Tokens& tokens);

    void title(const QString& text);
    /// A title, and beside it what stands in the columns of time.
    void title(const QString& text, const QString& time, const std::optional<QString>& usual);
    /// \p usual absent: there is one column of time.
    void step(const StepLine& line, const std::optional<QString>& usual = {});
    void record(const RecordLine& line);
    /// One line; what is too long is cut in the middle, because addresses differ at their ends.
    void fact(const QString& name, const QString& value);
    void hex(const QString& name, const QString& value);
    /// As many lines as the value needs, up to four.
    void longFact(const QString& name, const QString& value);
    void longHex(const QString& name, const QString& value);
    /// What a tile says beside its serial: symbol, word and, at the right, the code.
    void verdict(const TileContent& content);
    void paragraph(const QString& text, double font, QFont::Weight weight, const QColor& colour);
    /// A short word, and beside it a paragraph.
    void marked(const QString& mark, const QString& text, const QString& more);
    void gap(double reference) { m_y += px(reference); }
    /// A line across the panel.
    void separator(double above, double below);
    /// A line across the panel, at least \p reference below its top.
    void separatorAt(double reference);

    /// Where the next row begins.
    [[nodiscard]] double bottom() const { return m_y; }

private:
    [[nodiscard]] double px(double reference) const { return reference * m_scale; }
    [[nodiscard]] QFont font(double reference, QFont::Weight weight = QFont::Normal) const;
    [[nodiscard]] QFont hexFont() const;
    QRectF row(double reference);
    void line(const QRectF& box, const QString& text, const QFont& font, const QColor& colour,
              Qt::Alignment alignment = Qt::AlignLeft | Qt::AlignVCenter, Qt::TextElideMode cut = Qt::ElideRight);
    /// A text of several lines, \p left of the area's edge; returns its height.
    double block(double left, const QString& text, const QFont& font, const QColor& colour, double most);
    void fact(const QString& name, const QString& value, const QFont& font);
    void longFact(const QString& name, const QString& value, const QFont& font);
    void paintRule();
    void paintStepIcon(const QRectF& box, StepLook look);
    void paintVerdictMark(const QRectF& box);

    QPainter* m_painter;
    const SideDesign& m_design;
    double m_scale;
    TileLook m_verdict;
    const Tokens& m_tokens;
    QRectF m_area;
    double m_y;
};

} // namespace enroll::ui
