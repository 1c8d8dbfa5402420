// What the station's own scanner reads, and that it does not answer; and what of a scan by keys was lost, or went to another screen.

#include "core/base/scan_code.h"
#include "core/base/station_code.h"
#include "ui/run/run_screen.h"
#include "ui/run/scan_messages.h"
#include "ui/run/slot_presenter.h"

#include <QHideEvent>

namespace enroll::ui {

void RunScreen::hideEvent(QHideEvent* event)
{
    Screen::hideEvent(event);
    if (!event->spontaneous()) {
        m_scanBar->giveUp();
    }
}

void RunScreen::scanned(const Result<QString>& code)
{
    if (!isEnabled()) { // the window closes
        return;
    }
    const bool isAmongDigits = m_slotNumber.isUnsettled();
    if (!isAmongDigits) { // as by keys: it is meant for the slot that was asked about
        m_slotNumber.decideIfAsked();
    }
    m_slotNumber.cancel();
    if (code.ok() && !isAmongDigits) {
        return enter(*code, {.pace = station::EntryWay::Pace::Scanner});
    }
    refuseScan(code.ok() ? makeError(ScanCode::KeysAmongScan, "digits of a slot's number came just before", "scan")
                         : code.error());
}

void RunScreen::refuseScan(const Error& why)
{
    m_controller.scanRefused();
    m_slots->showAll(); // what was stopped needs a scan from here on
    tell(refusalMessage(why, m_controller.board()));
    alertIfRefused();
}

void RunScreen::alertIfRefused()
{
    if (m_scanBar->refuses()) {
        Q_EMIT alerted(Alert::Refused);
    }
}

void RunScreen::sayCutOff()
{
    if (isEnabled()) {
        hideBadge(ScanCode::ScanCutOff);
        refuseScan(makeError(ScanCode::ScanCutOff, "nothing came behind a scan", "scan"));
    }
}

void RunScreen::showScanner(const std::optional<Error>& trouble)
{
    if (trouble) {
        tell(refusalMessage(*trouble, m_controller.board()));
        alertIfRefused();
    } else if (m_scanBar->message().code == StationCode::ScannerLost) {
        sayIdle();
    }
}

} // namespace enroll::ui
