#pragma once

#include <QColor>

namespace enroll::ui {

/// A filled shape and what is drawn upon it.
struct FillPair {
    QColor fill;
    QColor on;
};

/// Every colour of the application, one table for each shade.
///
/// The five pairs mean a device verdict (and `station`: the station's own fault) and are used for nothing else. All
/// texts keep a contrast of at least 4.5 on their ground, control outlines 3.
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
