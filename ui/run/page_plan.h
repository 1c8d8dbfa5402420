#pragma once

#include "ui/run/tile_content.h"
#include "ui/run/tile_layout.h"
#include "ui/widgets/screen_scale.h"

#include <optional>
#include <vector>

namespace enroll::ui {

/// Rows and columns for a number of slots, in the order of the fixture.
struct GridShape {
    int rows = 1;
    int columns = 1;
    bool operator==(const GridShape&) const = default;
};
/// 1: 1x1; 2: 2x1; 3-4: 2x2; 5-6: 3x2; 7-8: 4x2; up to 16: four columns; beyond: four rows.
GridShape gridShape(int slots) noexcept;

/// How the slots of a fixture are spread over pages. Every page but the last is full.
struct PagePlan {
    int pages = 1;
    int perPage = 1;
    GridShape shape;
    TileForm form = TileForm::Full;
    bool operator==(const PagePlan&) const = default;

    [[nodiscard]] Density density() const { return densityFor(perPage); }
    /// \p position of a slot in the fixture, from 0.
    [[nodiscard]] int pageOf(int position) const { return position / perPage; }
};

/// Whoever looks for a slot turns no more pages than this.
inline constexpr int kMostPages = 8;

enum class Towards { Left, Right, Up, Down };
/// The position of the tile beside the one at \p position, on the same page; none at its edge.
std::optional<int> neighbour(const PagePlan& plan, int slots, int position, Towards towards) noexcept;

/// As few pages as let every one of \p contents be read from where people stand: word and whole instruction, in tiles that
/// share \p room. Where that takes more than kMostPages, or a page of less than two slots, texts are smaller than they
/// should be. \p tabs is the height of the tabs where there are pages.
PagePlan planPages(const QSizeF& room, double tabs, int slots, const Viewing& viewing,
                   const std::vector<TileContent>& contents);

/// Between tabs, and below them.
inline constexpr int kTabGap = 6;

/// The height of the tabs, with the gap below them.
double tabsHeight(const ScreenScale& scale);

/// The place of a tile on its page, its focus ring included.
QRectF cellOf(const PagePlan& plan, int place, const QSizeF& room, double tabs);

/// The frame of the tile in a cell: around it lies the focus ring.
QRectF frameIn(const QRectF& cell);

} // namespace enroll::ui
