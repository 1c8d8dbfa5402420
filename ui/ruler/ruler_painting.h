#pragma once

#include "ui/ruler/ruler_content.h"
#include "ui/theme/tokens.h"
#include "ui/widgets/screen_scale.h"

#include <QRectF>

class QPainter;

namespace enroll::ui {

/// Where the parts of the page stand in a window of \p size.
struct RulerPlaces {
    RulerPlaces(const QSize& window, const ScreenScale& scale);

    QRectF title;
    QRectF subject;
    QRectF known;
    QRectF ways; ///< of the buttons
    QRectF instruction;
    QRectF bar;   ///< the most that the bar may fill
    QRectF entry; ///< of the buttons beside it, too
    QRectF result;
    QRectF remark;
    QRectF samples;
};

/// All of the page but its buttons.
class RulerPainting {
public:
    RulerPainting(QPainter& painter, const RulerPlaces& places, const ScreenScale& scale, const Tokens& tokens)
        : m_painter(painter), m_places(places), m_scale(scale), m_tokens(tokens)
    {}
    void paint(const RulerContent& content, const RulerDraft& draft, const QRectF& lengthBox);

private:
    /// From edge to edge as long as the draft says, in whole pixels at the left.
    void paintBar(const RulerDraft& draft);
    void paintCard(const RulerDraft& draft);
    void paintSamples(const RulerContent& content);
    void line(const QRectF& room, const QString& text, double pixels, const QColor& colour,
              QFont::Weight weight = QFont::Normal);

    QPainter& m_painter;
    const RulerPlaces& m_places;
    const ScreenScale& m_scale;
    const Tokens& m_tokens;
};

} // namespace enroll::ui
