#include "ui/run/page_plan.h"

#include "ui/run/tile_text.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace enroll::ui {
namespace {

// 16 px between frames; each tile keeps 5 px on every side for its focus ring.
constexpr double kSpacing = 6;
constexpr double kRingRoom = 5;
constexpr double kTabHeight = 52;
constexpr int kLeastTabHeight = 36;
constexpr std::array kOnOnePage{16, 12, 8, 6, 4, 2};
constexpr int kColumns = 4;
constexpr int kFewest = 2;

bool allReadable(const PagePlan& plan, const QSizeF& room, double tabs, const Viewing& viewing,
                 const std::vector<TileContent>& contents)
{
    const auto frame = frameIn(cellOf(plan, 0, room, tabs));
    const TileLayout layout(tileDesign(plan.density()), frame, viewing, plan.form);
    return std::ranges::all_of(contents, [&](const TileContent& content) { return isReadable(layout, content); });
}

PagePlan planOf(int slots, int perPage, TileForm form)
{
    return {(slots + perPage - 1) / perPage, perPage, gridShape(perPage), form};
}

/// In the order in which they are tried. Of two that make as many pages, the one with less slots on each.
std::vector<int> sizesOfPages(int slots)
{
    std::vector<int> sizes{slots};
    for (const auto size : kOnOnePage) {
        const auto pages = (slots + size - 1) / size;
        if (size >= slots || pages > kMostPages) {
            continue;
        }
        if (sizes.back() < slots && (slots + sizes.back() - 1) / sizes.back() == pages) {
            sizes.pop_back();
        }
        sizes.push_back(size);
    }
    return sizes;
}

} // namespace

GridShape gridShape(int slots) noexcept
{
    switch (densityFor(slots)) {
    case Density::One:
        return {1, 1};
    case Density::Two:
        return {1, 2};
    case Density::Four:
        return {2, 2};
    case Density::Eight:
        return {2, (slots + 1) / 2};
    case Density::Sixteen:
        break;
    }
    return slots <= kColumns * kColumns ? GridShape{(slots + kColumns - 1) / kColumns, kColumns}
                                        : GridShape{kColumns, (slots + kColumns - 1) / kColumns};
}

double tabsHeight(const ScreenScale& scale)
{
    return std::max(kLeastTabHeight, scale.whole(kTabHeight)) + kTabGap;
}

QRectF frameIn(const QRectF& cell)
{
    return cell.adjusted(kRingRoom, kRingRoom, -kRingRoom, -kRingRoom);
}

QRectF cellOf(const PagePlan& plan, int place, const QSizeF& room, double tabs)
{
    const auto top = plan.pages > 1 ? tabs : 0;
    const auto [rows, columns] = plan.shape;
    const auto width = (room.width() - (columns - 1) * kSpacing) / columns;
    const auto height = (room.height() - top - (rows - 1) * kSpacing) / rows;
    const int row = place / columns;
    const auto left = std::floor(place % columns * (width + kSpacing));
    const auto upper = std::floor(top + row * (height + kSpacing));
    return {left, upper, std::max(1.0, std::floor(width)), std::max(1.0, std::floor(height))};
}

std::optional<int> neighbour(const PagePlan& plan, int slots, int position, Towards towards) noexcept
{
    const auto columns = plan.shape.columns;
    const auto column = position % plan.perPage % columns;
    const auto upOrDown = towards == Towards::Up || towards == Towards::Down;
    const auto step = (upOrDown ? columns : 1) * (towards == Towards::Left || towards == Towards::Up ? -1 : 1);
    const auto beside = position + step;
    const bool staysInRow = upOrDown || (column + step >= 0 && column + step < columns);
    const bool isThere = beside >= 0 && beside < slots && plan.pageOf(beside) == plan.pageOf(position);
    return staysInRow && isThere ? std::optional{beside} : std::nullopt;
}

PagePlan planPages(const QSizeF& room, double tabs, int slots, const Viewing& viewing,
                   const std::vector<TileContent>& contents)
{
    if (slots <= 1) {
        return {};
    }
    const auto sizes = sizesOfPages(slots);
    for (const auto perPage : sizes) {
        for (const auto form : {TileForm::Full, TileForm::Flat, TileForm::Bare}) {
            const auto plan = planOf(slots, perPage, form);
            if (allReadable(plan, room, tabs, viewing, contents)) {
                return plan;
            }
        }
    }
    return planOf(slots, std::max(kFewest, sizes.back()), TileForm::Bare);
}

} // namespace enroll::ui
