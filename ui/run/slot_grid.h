#pragma once

#include "ui/run/page_plan.h"
#include "ui/run/slot_tile.h"

#include <QWidget>

#include <map>
#include <vector>

namespace enroll::ui {

class PageTab;

/// All tiles, in the order of the fixture. Never scrolls: slots whose tiles could not be read together from where people
/// stand are spread over pages, and a tab for each page says how many of its slots need a person and what is the worst.
///
/// No page is turned by what happens in a slot: it would be turned under a hand that is about to press a tile. A page is
/// turned by a person, and by follow().
class SlotGrid final : public QWidget {
    Q_OBJECT

public:
    SlotGrid(const std::vector<enrollment::SlotNumber>& slots, const Theme& theme, QWidget* parent = nullptr);

    [[nodiscard]] SlotTile* tile(enrollment::SlotNumber slot) const;
    /// True while a tile shows what somebody has to deal with, a FAIL apart: that one is told once.
    [[nodiscard]] bool callsPerson() const;
    [[nodiscard]] const PagePlan& plan() const { return m_plan; }
    /// The page on show, from 0.
    [[nodiscard]] int page() const { return m_page; }
    /// One for each page; hidden while there is one page.
    [[nodiscard]] const std::vector<PageTab*>& tabs() const { return m_tabs; }

    void setScale(const ScreenScale& scale);
    /// Pages are planned for \p room, so that nothing that opens beside the tiles for a while turns a page; they must be
    /// readable from the desk then.
    void planFor(const QSize& room);

    /// The first or last page where there is no such page.
    void showPage(int page);
    void showPageOf(enrollment::SlotNumber slot);
    /// Shows the page of the slot that a scan or a device went to, unless a slot of the page on show needs a person: who
    /// has not dealt with it may not lose sight of it.
    void follow(enrollment::SlotNumber slot);
    /// Where the slot is seen: its tile or, on another page, that page's tab.
    [[nodiscard]] QWidget* seenAt(enrollment::SlotNumber slot) const;

Q_SIGNALS:
    void activated(int slot);
    void chosen(int slot);
    void focused(int slot);
    void alerted(enroll::ui::Alert alert);
    /// A tab was pressed.
    void pageChosen(int page);
    /// The slot began to need a person.
    void needsPerson(int slot);

protected:
    void resizeEvent(QResizeEvent* event) override;
    /// Arrows lead from the tile that has the focus to the one beside it.
    void keyPressEvent(QKeyEvent* event) override;

private:
    void addTile(enrollment::SlotNumber slot, const Theme& theme);
    void takeContent(std::size_t position);
    void replan();
    void arrange();
    void arrangeTabs();
    /// Gives the tiles of a row equal sizes of text.
    void sizeRow(int page, int row);
    void noteTabs();
    [[nodiscard]] std::vector<SlotTile*> tilesOf(int page) const;
    [[nodiscard]] int positionOf(enrollment::SlotNumber slot) const;

    const Theme& m_theme;
    ScreenScale m_scale;
    std::vector<SlotTile*> m_tiles; ///< in the order of the fixture
    std::vector<PageTab*> m_tabs;
    std::vector<TileContent> m_longest;
    QSize m_room; ///< empty: the grid's own size
    PagePlan m_plan;
    int m_page = 0;
};

} // namespace enroll::ui
