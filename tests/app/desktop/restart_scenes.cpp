#include "tests/app/desktop/restart_scenes.h"

#include "core/base/scan_code.h"
#include "tests/ui/station_window.h"
#include "ui/run/scan_messages.h"

namespace enroll::test {

void showAfterRestart(Eyes& eyes)
{
    const Station station(2);
    station.window->resize(1920, 1080);
    enroll::station::SlotBoard board({{1}, {2}});
    board.apply({1}, enroll::station::TestKept{{enrollment::SerialNumber{"GX-000001"}, utcNow()}});
    auto again = makeError(ScanCode::SerialHasResult, "1");
    again.subject = "GX-000001";
    for (const auto& message : {ui::refusalMessage(again, board), ui::forgottenMessage()}) {
        station.runScreen->scanBar().show(message);
        eyes.look(*station.window, QStringLiteral("after a restart"),
                  {QStringLiteral("GX-"), QStringLiteral("ST-07"), QStringLiteral("tcp://")});
    }
}

} // namespace enroll::test
