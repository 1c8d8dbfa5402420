// What of the Run screen is seen: how large it is, and which page of slots.

#include "ui/run/run_screen.h"
#include "ui/run/slot_pane.h"

#include <QApplication>
#include <QBoxLayout>

namespace enroll::ui {
namespace {

constexpr double kMarginX = 24;
constexpr double kMarginY = 16;
// Of the margins and gaps around tiles, this much lies inside the tiles, for their focus rings.
constexpr int kRing = 5;

} // namespace

void RunScreen::resizeEvent(QResizeEvent* event)
{
    Screen::resizeEvent(event);
    rescale();
}

void RunScreen::rescale()
{
    const ScreenScale scale(window()->size(), m_theme.viewing());
    m_stop->setScale(scale);
    m_scanBar->setScale(scale);
    m_grid->setScale(scale);
    const auto x = scale.whole(kMarginX) - kRing;
    const auto y = scale.whole(kMarginY) - kRing;
    m_middle->setContentsMargins(x, y, x, y);
    m_grid->planFor({width() - 2 * x, height() - m_scanBar->height() - 2 * y});
}

void RunScreen::turnPage(int by)
{
    if (m_pane->openSlot()) {
        by > 0 ? m_pane->detail().pageDown() : m_pane->detail().pageUp();
    } else {
        showPage(m_grid->page() + by);
        if (m_selected && m_grid->seenAt(*m_selected) != m_grid->tile(*m_selected)) {
            forgetSelection(); // no key acts on a slot that is not on show
        }
    }
}

void RunScreen::showPage(int page)
{
    leaveTiles();
    m_grid->showPage(page);
}

/// A tile that disappears would hand its focus on, and that forgets the chosen slot.
void RunScreen::leaveTiles()
{
    if (m_grid->isAncestorOf(QApplication::focusWidget())) {
        m_scanBar->focusEntry();
    }
}

void RunScreen::leaveTilesOfOtherPages(enrollment::SlotNumber slot)
{
    if (m_grid->seenAt(slot) != m_grid->tile(slot)) {
        leaveTiles();
    }
}

void RunScreen::letSee(enrollment::SlotNumber slot)
{
    const auto* seen = m_grid->seenAt(slot);
    Q_EMIT toBeSeen({seen->mapTo(this, QPoint()), seen->size()});
}

} // namespace enroll::ui
