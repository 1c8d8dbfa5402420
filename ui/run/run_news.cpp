// What the Run screen says of what happened without a person.

#include "core/base/scan_code.h"
#include "ui/run/lasting_message.h"
#include "ui/run/run_screen.h"

namespace enroll::ui {

using enrollment::SlotNumber;

void RunScreen::sayFinished(const enrollment::AttestationRun& run)
{
    if (!isEnabled()) { // the window is closing, and says so
        return;
    }
    const bool chosen = m_selected == run.slot;
    if (chosen) { // to be stopped, or for the next serial; its result is for eyes first
        select(std::nullopt);
    }
    const auto asked = stopQuestion() == run.slot || (m_scanBar->message().news == ScanNews::CloseQuestion && idle());
    if (onlySlot()) {
        tell(resultMessage(run, m_controller.board()));
    } else if (asked) {
        sayIdle();
    } else if (chosen && !m_controller.stopReason()) {
        tell(choiceOverMessage(run.slot, m_controller.board()));
    }
}

void RunScreen::refreshOffer(SlotNumber slot)
{
    const auto& message = m_scanBar->message();
    if (!isEnabled() || m_controller.stopReason()) {
        return;
    }
    const auto now = asItIsNow(message, m_controller.board());
    m_refusalOver = m_refusalOver || (message.news == ScanNews::Refused && (!now || now->news != ScanNews::Refused));
    if (!now || (now->news == ScanNews::Idle && message.news != ScanNews::Idle)) {
        return sayOver(message.slot.value_or(slot));
    }
    if (*now != message) {
        tell(*now);
    }
}

void RunScreen::sayOver(SlotNumber slot)
{
    if (m_selected == slot) {
        return sayChosen(slot);
    }
    const auto& board = m_controller.board();
    const auto* finished = onlySlot() ? std::get_if<station::SlotFinished>(&board.state(slot)) : nullptr;
    const auto result = finished != nullptr ? resultMessage(finished->run, board) : ScanMessage{};
    result.news == ScanNews::Idle ? sayIdle() : tell(result);
}

void RunScreen::sayChosen(SlotNumber slot)
{
    tell({ScanNews::Selected, tr("Slot %1 is selected.").arg(slot.value), offerOf(slot, m_controller.board()), slot});
}

void RunScreen::sayNews(const station::SlotNews& news)
{
    if (isEnabled() && !m_controller.stopReason()) {
        leaveTilesOfOtherPages(news.slot);
        m_grid->follow(news.slot);
        if (!awaitsAnswer()) {
            tell(newsMessage(news, m_controller.board()));
        }
    }
}

void RunScreen::sayStarted(SlotNumber slot)
{
    if (!awaitsAnswer()) {
        tell(startedItselfMessage(slot, m_controller.board()));
    }
}

void RunScreen::sayLate(const enrollment::SerialNumber& serial)
{
    if (isEnabled() && !m_controller.stopReason() && !awaitsAnswer()) {
        auto late = makeError(ScanCode::NoDeviceInTime, "no device came");
        late.subject = serial.text();
        tell(refusalMessage(late, m_controller.board()));
        alertIfRefused();
    }
}

void RunScreen::sayIdle()
{
    if (m_controller.stopReason()) {
        return tell(refusalMessage(*m_controller.stopReason(), m_controller.board()));
    }
    tell(wanted());
}

} // namespace enroll::ui
