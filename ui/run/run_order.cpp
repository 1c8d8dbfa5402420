// What the Run screen does with work orders.

#include "ui/run/order_messages.h"
#include "ui/run/run_screen.h"
#include "ui/run/scan_messages.h"

#include <algorithm>

namespace enroll::ui {

void RunScreen::takeOrder(const enrollment::BatchId& order)
{
    const auto taken = m_controller.takeOrder(order);
    const auto& board = m_controller.board();
    if (!taken.ok()) {
        return tell(refusalMessage(taken.error(), board));
    }
    OldOrder old;
    for (const auto slot : board.slots()) {
        const auto keeps = [&](const enrollment::SerialNumber& serial) { return board.slotOf(serial) == slot; };
        if (std::ranges::any_of(taken->keepTheirs, keeps)) {
            old.slots.push_back(slot);
        }
    }
    if (board.inHand() && taken->keepTheirs.contains(*board.inHand())) {
        old.inHand = board.inHand();
    }
    tell(orderTakenMessage(order, taken->before, old));
}

void RunScreen::sayFirst()
{
    const auto& order = m_controller.workOrder();
    const bool says = order.isFromBefore() && m_controller.signIn().requireSomebody().ok();
    says ? tell(orderFromBeforeMessage(*order.current())) : sayIdle();
}

} // namespace enroll::ui
