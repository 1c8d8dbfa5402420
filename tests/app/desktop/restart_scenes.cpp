#include "tests/app/desktop/restart_scenes.h"

#include "core/base/scan_code.h"
#include "tests/support/code_text.h"
#include "tests/ui/run/tile_samples.h"
#include "tests/ui/station_window.h"
#include "ui/run/order_messages.h"
#include "ui/run/scan_messages.h"
#include "ui/run/slot_detail.h"
#include "ui/run/slot_tile.h"

namespace enroll::test {

void showAfterRestart(Eyes& eyes)
{
    const Station station(2);
    station.window->resize(1920, 1080);
    enroll::station::SlotBoard board({{1}, {2}});
    board.apply({1}, enroll::station::TestKept{{enrollment::SerialNumber{"GX-000001"}, utcNow()}});
    auto again = makeError(ScanCode::SerialHasResult, "1");
    again.subject = "GX-000001";
    for (const auto& message : {ui::refusalMessage(again, board), ui::forgottenMessage(),
                                ui::orderFromBeforeMessage(enrollment::BatchId{"WO-4711"})}) {
        station.runScreen->scanBar().show(message);
        eyes.look(
            *station.window, QStringLiteral("after a restart"),
            {QStringLiteral("GX-"), QStringLiteral("ST-07"), QStringLiteral("WO-4711"), QStringLiteral("tcp://")});
    }
}

/// What tiles say while the journal cannot be searched, by each fault; and how old a result is.
void showUnsearched(Eyes& eyes)
{
    ui::SlotTile tile({3}, sceneTheme());
    tile.resize(1240, 860);
    for (const auto& row : allCodes()) {
        ui::TileContext context{{3}, "tcp://10.7.3.18:2321", std::chrono::steady_clock::now()};
        context.searchFault = sceneError(row.code, "1");
        const enroll::station::SlotUnknown unsearched{{enrollment::SerialNumber{"GX-000191"}, utcNow()}, false};
        tile.show(tileContent(unsearched, context));
        eyes.look(tile, textOf(row.code), knownWords());
    }
    ui::SlotDetail detail(sceneTheme());
    detail.resize(629, 866);
    for (const auto age : {std::chrono::minutes{1}, std::chrono::minutes{200}, std::chrono::minutes{20'000}}) {
        auto run = sampleRun(Outcome::Pass, std::nullopt, "GX-000193");
        run.startedAt = utcNow() - age;
        detail.show(ui::detailContent(enroll::station::SlotFinished{run, false, true},
                                      {{3}, "tcp://10.7.3.18:2321", std::chrono::steady_clock::now()}));
        eyes.look(detail, QStringLiteral("from before a restart"), knownWords());
    }
}

} // namespace enroll::test
