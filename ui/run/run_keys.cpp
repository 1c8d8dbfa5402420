// The keys of the Run screen, what START starts, where typed characters go, and what F1 explains there.

#include "core/station/chosen_slot.h"
#include "ui/run/key_messages.h"
#include "ui/run/run_screen.h"
#include "ui/run/slot_pane.h"
#include "ui/run/slot_presenter.h"

#include <QKeyEvent>

#include <algorithm>

namespace enroll::ui {

using enrollment::SlotNumber;

std::vector<ScreenKey> RunScreen::keys()
{
    return {
        {Qt::Key_F2, [this] { chooseSlot(); }, tr("Choose a slot by its number")},
        {Qt::Key_F3, [this] { focusSerialEntry(); }, tr("Type a serial")},
        {Qt::Key_F4, [this] { startAllReady(); }, tr("Start all ready slots")},
        {Qt::Key_F6, [this] { Q_EMIT checkWanted(); }, tr("The station checks itself")},
        {Qt::Key_F7, [this] { stopSelectedSlot(); }, tr("Take a serial out, or stop a test")},
        {Qt::Key_F8, [this] { acknowledgeResult(); }, tr("The chosen result is dealt with")},
        {Qt::Key_F9, [this] { toggleDetail(); }, tr("Detail of a slot")},
        {Qt::Key_F10, [this] { signOut(); }, tr("Sign out")},
        {{Qt::Key_Left, Qt::Key_Right, Qt::Key_Up, Qt::Key_Down}, {}, tr("From a slot to the one beside it")},
        {Qt::Key_PageDown, [this] { turnPage(1); }, tr("Next page of slots, or of the detail")},
        {Qt::Key_PageUp, [this] { turnPage(-1); }, tr("Page before")},
        {Qt::Key_Escape, [this] { escape(); }, tr("Close, or take a choice back")},
    };
}

void RunScreen::typed(QKeyEvent& event)
{
    const auto text = event.text();
    const auto printable = !text.isEmpty() && text.at(0).isPrint() && !text.at(0).isSpace();
    if (m_slotNumber.active() && (event.key() == Qt::Key_Return || event.key() == Qt::Key_Enter)) {
        m_scanBar->endBurst();
        return m_slotNumber.decide();
    }
    // Nothing of a label may get lost.
    if (printable && (event.modifiers() & (Qt::ControlModifier | Qt::AltModifier)) == Qt::NoModifier) {
        m_scanBar->notePress(event);
        return m_slotNumber.active() ? m_slotNumber.take(text) : m_scanBar->goOnWith(text);
    }
    event.ignore();
}

void RunScreen::startSelectedSlot()
{
    const auto spoken = m_scanBar->message();
    const auto& board = m_controller.board();
    auto slot = onlySlot() ? std::optional{board.slots().front()} : m_selected;
    if (!slot && spoken.news == ScanNews::Ready) { // label, serial, START: the bar still speaks of it
        slot = spoken.slot;
    }
    const bool isAnswer = m_selected || (onlySlot() && !board.isSeenEmpty(*slot));
    if (slot && !isAnswer && std::ranges::count(board.leftOut(), *slot) > 0) { // and asks for its device, or about it
        return tell(leftOutMessage(*slot, board));
    }
    slot ? activateSlot(slot->value) : tell(noSlotToStartMessage(board));
}

std::optional<HelpTopic> RunScreen::helpTopic() const
{
    const auto& message = m_scanBar->message();
    const auto chosen = m_slots->topicOf(m_selected);
    if (chosen || message.code) {
        return chosen ? chosen : HelpTopic{*message.code, message.headline};
    }
    return m_slots->topicOf(station::slotToLookAt(m_controller.board(), {}));
}

} // namespace enroll::ui
