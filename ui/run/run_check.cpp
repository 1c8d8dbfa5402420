// What the scan bar says of the station's check of itself.

#include "ui/run/run_screen.h"
#include "ui/run/scan_messages.h"

namespace enroll::ui {

void RunScreen::sayChecking()
{
    tell({ScanNews::Checking, tr("The station checks itself."), tr("This takes a few seconds.")});
}

void RunScreen::sayChecked(const Result<void>& check)
{
    if (!check.ok()) {
        return tell(refusalMessage(check.error(), m_controller.board()));
    }
    tell({ScanNews::Checked, tr("The station passed its check of itself."), wanted().headline});
}

} // namespace enroll::ui
