#include "core/base/scan_code.h"
#include "core/station/slot_board.h"

#include <QTest>

using namespace enroll;
using namespace enroll::station;
using enrollment::SerialNumber;
using enrollment::SlotNumber;

namespace {

SerialNumber serial(int number)
{
    return SerialNumber{"GX-" + std::to_string(number)};
}

/// A fixture of three slots.
struct Fixture {
    SlotBoard board{std::vector<SlotNumber>{{1}, {2}, {3}}};

    void bind(int number) { QVERIFY(board.bind(serial(number), std::nullopt).ok()); }
    void start(int slot) { board.apply({slot}, RunStarted{}); }
    void finish(int slot, std::chrono::milliseconds endedAt)
    {
        enrollment::AttestationRun run;
        run.serialNumber = *serialOf(board.state({slot}));
        run.startedAt = UtcTime{endedAt};
        board.apply({slot}, RunFinished{run});
    }
};

} // namespace

class SlotBoardTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void fillsEmptySlotsInOrder()
    {
        Fixture fixture;
        QCOMPARE(fixture.board.bind(serial(1), std::nullopt)->slot.value, 1);
        QCOMPARE(fixture.board.bind(serial(2), std::nullopt)->slot.value, 2);
    }

    void theChosenSlotComesFirst()
    {
        Fixture fixture;
        QCOMPARE(fixture.board.bind(serial(1), SlotNumber{3})->slot.value, 3);
    }

    void aChosenSlotThatRunsIsPassedOver()
    {
        Fixture fixture;
        fixture.bind(1);
        fixture.start(1);
        QCOMPARE(fixture.board.bind(serial(2), SlotNumber{1})->slot.value, 2);
        QVERIFY(serialOf(fixture.board.state({1})) == serial(1));
    }

    void refusesASerialThatWaitsInAnotherThanTheChosenSlot()
    {
        Fixture fixture;
        fixture.bind(1);
        const auto again = fixture.board.bind(serial(1), SlotNumber{2});
        QVERIFY(!again.ok());
        QVERIFY(again.error().code == ScanCode::SerialAlreadyInSlot);
        QCOMPARE(QString::fromStdString(again.error().subject), QStringLiteral("GX-1"));
        QVERIFY(fixture.board.slotOf(serial(1)) == SlotNumber{1});
    }

    void theSameCodeAgainStaysWhereItWaits()
    {
        Fixture fixture;
        fixture.bind(1);
        const auto again = fixture.board.bind(serial(1), std::nullopt);
        QVERIFY(again.ok());
        QVERIFY((*again == Binding{SlotNumber{1}, std::nullopt}));
        QCOMPARE(fixture.board.ready().size(), std::size_t{1});
    }

    void namesTheSerialThatGivesWay()
    {
        Fixture fixture;
        fixture.bind(1);
        const auto second = fixture.board.bind(serial(2), SlotNumber{1});
        QVERIFY((*second == Binding{SlotNumber{1}, serial(1)}));
        QVERIFY(!fixture.board.slotOf(serial(1)));
    }

    void aResultGivesWayWithoutASerialLost()
    {
        Fixture fixture;
        fixture.bind(1);
        fixture.start(1);
        fixture.finish(1, std::chrono::milliseconds{5});
        QVERIFY(!fixture.board.bind(serial(2), SlotNumber{1})->gaveWay);
    }

    void refusesASerialThatRunsInTheChosenSlot()
    {
        Fixture fixture;
        fixture.bind(1);
        fixture.start(1);
        const auto again = fixture.board.bind(serial(1), SlotNumber{1});
        QVERIFY(!again.ok());
        QVERIFY(again.error().code == ScanCode::SerialAlreadyInSlot);
    }

    void aSecondScanOfAResultIsASecondTryThere()
    {
        Fixture fixture;
        fixture.bind(1);
        fixture.bind(2);
        fixture.start(2);
        fixture.finish(2, std::chrono::milliseconds{5});
        QCOMPARE(fixture.board.bind(serial(2), std::nullopt)->slot.value, 2);
    }

    void replacesTheResultThatStoodLongest()
    {
        Fixture fixture;
        for (int slot = 1; slot <= 3; ++slot) {
            fixture.bind(slot);
            fixture.start(slot);
        }
        fixture.finish(1, std::chrono::milliseconds{30});
        fixture.finish(2, std::chrono::milliseconds{10});
        fixture.finish(3, std::chrono::milliseconds{20});
        QCOMPARE(fixture.board.bind(serial(9), std::nullopt)->slot.value, 2);
    }

    void refusesWhenEverySlotIsBusy()
    {
        Fixture fixture;
        for (int slot = 1; slot <= 3; ++slot) {
            fixture.bind(slot);
        }
        const auto more = fixture.board.bind(serial(9), std::nullopt);
        QVERIFY(!more.ok());
        QVERIFY(more.error().code == ScanCode::NoFreeSlot);
    }

    void ignoresEventsOfSlotsItDoesNotHave()
    {
        Fixture fixture;
        fixture.board.apply({7}, SerialBound{serial(1)});
        QVERIFY(!fixture.board.has({7}));
    }
};

QTEST_APPLESS_MAIN(SlotBoardTest)
#include "tst_slot_board.moc"
