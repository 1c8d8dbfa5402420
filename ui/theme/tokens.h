#pragma once

#include <QColor>

namespace enroll::ui {

/// The colour of a filled shape, and the colour of what is drawn on it.
struct FillPair {
    QColor fill;
    QColor on;
};

/// Every colour of the application, one table for each shade.
///
/// The five pairs mean the verdict on a device, `station` a fault of the station itself; they are used for nothing
/// else. Text has a contrast of at least 4.5 to its background, outlines of controls at least 3.
/// Source: WCAG 2.1, success criteria 1.4.3 and 1.4.11.
struct Tokens {
    QColor window;  ///< window, gaps between tiles
    QColor surface; ///< tiles, cards, inputs
    QColor raised;
    QColor line;    ///< 1 px separators
    QColor control; ///< control outlines
    QColor ink;
    QColor ink2; ///< secondary text
    QColor ink3; ///< labels, help, placeholder
    QColor selection;
    QColor hover; ///< hovered row or button
    QColor primary;
    QColor onPrimary;
    QColor track;
    QColor ready; ///< dashed outline of a slot without a verdict
    FillPair pass;
    FillPair fail;
    FillPair running;
    FillPair hold;
    FillPair station;
};

enum class Shade { Light, Dark };

const Tokens& tokensOf(Shade shade);

} // namespace enroll::ui
