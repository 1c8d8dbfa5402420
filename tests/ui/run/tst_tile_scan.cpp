#include "core/base/device_code.h"
#include "core/base/hold_code.h"
#include "tests/ui/run/tile_samples.h"
#include "ui/model/catalog_text.h"
#include "ui/run/tile_content.h"

#include <QTest>

using namespace enroll;
using namespace enroll::ui;
using test::sampleRun;

namespace {

TileContext contextOf(Turn turn)
{
    TileContext context{{3}, "tcp://10.7.3.18:2321"};
    context.turn = turn;
    return context;
}

} // namespace

/// What a tile says of the next scan, where a device is in whose label was not scanned since.
class TileScanTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    /// The scan that it asks for may be that of the device which is in: where no device says its serial, nothing else does.
    void aResultThatAsksForAScanKeepsItsWords()
    {
        auto context = contextOf(Turn::Later);
        context.presence = station::Presence::Present;
        context.unnamed = true;
        const station::SlotState state =
            station::SlotFinished{sampleRun(Outcome::Aborted, DeviceCode::DeviceRemoved, "GX-000183")};
        const auto kept = tileContent(state, context);
        const auto before = tileContent(state, contextOf(Turn::Later));
        QCOMPARE(kept.serial, QStringLiteral("GX-000183"));
        QCOMPARE(kept.instruction, instructionText(DeviceCode::DeviceRemoved));
        QVERIFY(kept.look == before.look && kept.reason == before.reason);
        QVERIFY(shownState(state, context) == state);
        context.byDevice = true;
        QVERIFY(tileContent(state, context).look == TileLook::Whose);
    }

    /// A verdict stays until somebody deals with it: its tile says how the device that is in is scanned all the same.
    void aVerdictThatAsksForAScanSaysThatItsSlotComesFirst()
    {
        auto context = contextOf(Turn::Later);
        context.presence = station::Presence::Present;
        context.unnamed = true;
        for (const auto outcome : {Outcome::Hold, Outcome::Fail}) {
            const station::SlotState state =
                station::SlotFinished{sampleRun(outcome, HoldCode::SerialHasOtherEk, "GX-000183")};
            const auto asked = tileContent(state, context);
            const auto before = tileContent(state, contextOf(Turn::Later));
            QVERIFY(asked.look == before.look && asked.serial == before.serial);
            QVERIFY(asked.reason != before.reason && asked.reason.contains(QLatin1String("slot label")));
            const auto catalog = instructionText(HoldCode::SerialHasOtherEk, outcome);
            for (const auto& tile : {asked, before}) {
                QVERIFY(tile.instruction.contains(QLatin1String("F2")) && tile.instruction.endsWith(catalog));
            }
            QCOMPARE(tileContent(state, contextOf(Turn::Next)).instruction, catalog); // it is chosen
        }
    }

    /// Where a device says its serial, only as long as its label alone is refused.
    void whereDevicesSpeakTheSlotComesFirstWhileItsDeviceMayBeTheOldOne()
    {
        auto context = contextOf(Turn::Device);
        context.byDevice = true;
        for (const auto& [outcome, code] : {std::pair{Outcome::Aborted, ErrorCode{DeviceCode::DeviceRemoved}},
                                            std::pair{Outcome::Hold, ErrorCode{HoldCode::SerialHasOtherEk}}}) {
            const station::SlotState state = station::SlotFinished{sampleRun(outcome, code, "GX-000183")};
            context.asksForChoice = false;
            QCOMPARE(tileContent(state, context).instruction, instructionText(code, outcome));
            context.asksForChoice = true;
            QVERIFY(tileContent(state, context).instruction.contains(QLatin1String("F2")));
        }
    }

    void aSlotSaysWhetherAScanIsEnough()
    {
        for (const auto turn : {Turn::OnlySlot, Turn::Next, Turn::Later, Turn::Insert}) {
            auto context = contextOf(turn);
            context.unnamed = true;
            const auto chosenFirst = tileContent(station::SlotEmpty{}, context);
            context.scanMeansDeviceIn = true;
            const auto scanned = tileContent(station::SlotEmpty{}, context);
            QVERIFY(chosenFirst.look == TileLook::Whose && scanned.look == TileLook::Whose);
            QVERIFY(chosenFirst.instruction != scanned.instruction);
        }
    }
};

QTEST_GUILESS_MAIN(TileScanTest)
#include "tst_tile_scan.moc"
