// What the station's own scanner reads, and that it does not answer; and what a scanner as a keyboard lost.

#include "core/base/scan_code.h"
#include "core/base/station_code.h"
#include "ui/run/run_screen.h"
#include "ui/run/scan_messages.h"

namespace enroll::ui {

void RunScreen::scanned(const Result<QString>& code)
{
    if (!isEnabled()) { // the window closes
        return;
    }
    m_slotNumber.cancel();
    if (code.ok()) {
        return enter(*code, {.pace = station::EntryWay::Pace::Scanner});
    }
    m_controller.scanRefused();
    tell(refusalMessage(code.error(), m_controller.board()));
}

void RunScreen::sayCutOff()
{
    if (isEnabled()) {
        m_controller.scanRefused();
        tell(refusalMessage(makeError(ScanCode::ScanCutOff, "nothing came behind a scan", "scan"),
                            m_controller.board()));
    }
}

void RunScreen::showScanner(const std::optional<Error>& trouble)
{
    if (trouble) {
        tell(refusalMessage(*trouble, m_controller.board()));
    } else if (m_scanBar->message().code == StationCode::ScannerLost) {
        sayIdle();
    }
}

} // namespace enroll::ui
