#include "ui/run/slot_grid.h"

#include <QGridLayout>

#include <algorithm>

namespace enroll::ui {
namespace {

// 16 px between frames; each tile keeps 5 px on every side for its focus ring.
constexpr int kSpacing = 6;

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
        return {2, 4};
    case Density::Sixteen:
        break;
    }
    return {(slots + 3) / 4, 4};
}

SlotGrid::SlotGrid(const std::vector<enrollment::SlotNumber>& slots, const Theme& theme, QWidget* parent)
    : QWidget(parent)
{
    const auto count = static_cast<int>(slots.size());
    const auto shape = gridShape(count);
    auto* layout = new QGridLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kSpacing);
    for (int i = 0; i < count; ++i) {
        auto* tile = new SlotTile(slots[static_cast<std::size_t>(i)], theme, this);
        tile->setDensity(densityFor(count));
        connect(tile, &SlotTile::activated, this, &SlotGrid::activated);
        connect(tile, &SlotTile::chosen, this, &SlotGrid::chosen);
        connect(tile, &SlotTile::focused, this, &SlotGrid::focused);
        connect(tile, &SlotTile::alerted, this, &SlotGrid::alerted);
        layout->addWidget(tile, i / shape.columns, i % shape.columns);
        m_tiles.emplace(tile->slot(), tile);
    }
    for (int row = 0; row < shape.rows; ++row) {
        layout->setRowStretch(row, 1);
    }
    for (int column = 0; column < shape.columns; ++column) {
        layout->setColumnStretch(column, 1);
    }
}

bool SlotGrid::needsPerson() const
{
    return std::ranges::any_of(
        m_tiles, [](const auto& entry) { return alertOf(entry.second->content().look) == Alert::NeedsPerson; });
}

SlotTile* SlotGrid::tile(enrollment::SlotNumber slot) const
{
    const auto found = m_tiles.find(slot);
    return found == m_tiles.end() ? nullptr : found->second;
}

} // namespace enroll::ui
