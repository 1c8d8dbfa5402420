#pragma once

#include "ui/run/tile_content.h"
#include "ui/run/tile_layout.h"

#include <span>

namespace enroll::ui {

/// The font sizes of what a tile says, in pixels, and whether there is room for its foot. Tiles that stand in one row share them.
struct TileSizes {
    int word = kSmallestText;
    int serial = kSmallestText;
    int instruction = kSmallestText;
    int reason = kSmallestText;
    bool foot = true; ///< the record is shown
    bool operator==(const TileSizes&) const = default;
};

/// The largest sizes, up to those of the design, with which every tile of \p row says all that its hands need: the word,
/// and the whole instruction. For a reason, an instruction gets a little smaller, but never too small for the distance.
TileSizes sizesFor(const TileLayout& layout, std::span<const TileContent* const> row);

/// A text as it is painted: cut where it had to be.
struct TextBox {
    QRectF box;
    QString text;
    QFont font;
    Qt::Alignment alignment = Qt::AlignLeft | Qt::AlignVCenter;
};

/// Where everything on a tile stands, but for its foot.
struct TileBoxes {
    TextBox number;
    std::optional<TextBox> chip; ///< the mark NEXT, where it is not the word
    TextBox corner;
    QRectF symbol;
    TextBox word;
    TextBox serial;
    TextBox instruction; ///< broken between words, unless there is a bar
    QRectF bar;          ///< of progress; null: there is none
    TextBox reason;      ///< likewise; empty where there is no room for it
};

TileBoxes boxesFor(const TileLayout& layout, const TileContent& content, const TileSizes& sizes);

/// True if \p content can be read from where people stand: its word and its whole instruction fit in the least size for the
/// distance.
bool isReadable(const TileLayout& layout, const TileContent& content);

} // namespace enroll::ui
