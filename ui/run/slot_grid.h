#pragma once

#include "ui/run/slot_tile.h"

#include <QWidget>

#include <map>
#include <vector>

namespace enroll::ui {

/// Rows and columns for a number of slots, in the order of the fixture.
struct GridShape {
    int rows = 1;
    int columns = 1;
    bool operator==(const GridShape&) const = default;
};
/// 1: 1x1; 2: 2x1; 3-4: 2x2; 5-8: 4x2; 9 and more: four columns.
GridShape gridShape(int slots) noexcept;

/// All tiles. Never scrolls.
class SlotGrid final : public QWidget {
    Q_OBJECT

public:
    SlotGrid(const std::vector<enrollment::SlotNumber>& slots, const Theme& theme, QWidget* parent = nullptr);

    [[nodiscard]] SlotTile* tile(enrollment::SlotNumber slot) const;
    /// True while a tile shows what somebody has to deal with, a FAIL apart: that one is told once.
    [[nodiscard]] bool needsPerson() const;

Q_SIGNALS:
    void activated(int slot);
    void chosen(int slot);
    void focused(int slot);
    void alerted(enroll::ui::Alert alert);

private:
    std::map<enrollment::SlotNumber, SlotTile*> m_tiles;
};

} // namespace enroll::ui
