#include "core/base/device_code.h"
#include "core/base/scan_code.h"
#include "core/station/slot_board.h"

#include <QTest>

#include <functional>

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
    void finish(int slot, Outcome outcome = Outcome::Pass)
    {
        enrollment::AttestationRun run;
        run.serialNumber = *serialOf(board.state({slot}));
        run.outcome = outcome;
        run.tpm.emplace();
        board.apply({slot}, RunFinished{run});
    }
    /// Somebody stops the test that runs in \p slot.
    void stop(int slot)
    {
        board.apply({slot}, StopAsked{});
        enrollment::AttestationRun run;
        run.serialNumber = *serialOf(board.state({slot}));
        run.outcome = Outcome::Aborted;
        run.code = DeviceCode::Cancelled;
        board.apply({slot}, RunFinished{run});
    }
    void test(int slot, Outcome outcome = Outcome::Pass)
    {
        start(slot);
        finish(slot, outcome);
    }
    /// Serials \p first, \p first + 1 and \p first + 2 in a round in which every device passes, the last slot first.
    void passRound(int first)
    {
        for (int slot = 1; slot <= 3; ++slot) {
            bind(first + slot - 1);
            start(slot);
        }
        for (int slot = 3; slot >= 1; --slot) {
            finish(slot);
        }
    }
    [[nodiscard]] int next() const { return board.target({}).value_or(SlotNumber{0}).value; }
    [[nodiscard]] ErrorCode refusalOf(int number, std::optional<SlotNumber> wanted = {})
    {
        return board.bind(serial(number), wanted).error().code;
    }
};

} // namespace

class SlotBoardTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void fillsTheSlotsInTheirOrder()
    {
        Fixture fixture;
        for (int slot = 1; slot <= 3; ++slot) {
            QCOMPARE(fixture.next(), slot);
            QCOMPARE(fixture.board.bind(serial(slot), std::nullopt)->slot->value, slot);
        }
        QCOMPARE(fixture.next(), 0);
    }

    /// Tests that end in another order change nothing: the serial goes where the person puts the device.
    void everyRoundGoesInTheSameOrder()
    {
        Fixture fixture;
        for (int round = 0; round < 3; ++round) {
            fixture.passRound(10 * round + 1);
            QCOMPARE(fixture.next(), 1);
            for (int slot = 1; slot <= 3; ++slot) {
                QCOMPARE(serialOf(fixture.board.state({slot}))->text(), serial(10 * round + slot).text());
            }
        }
    }

    void theMarkStaysWhereItIsWhileTestsEnd()
    {
        Fixture fixture;
        fixture.bind(1);
        fixture.bind(2);
        QCOMPARE(fixture.next(), 3);
        fixture.start(1);
        fixture.start(2);
        fixture.finish(2);
        fixture.finish(1);
        QCOMPARE(fixture.next(), 3);
    }

    void oneAtATimeGoesThroughTheFixtureToo()
    {
        Fixture fixture;
        for (int number = 1; number <= 7; ++number) {
            const auto slot = (number - 1) % 3 + 1;
            QCOMPARE(fixture.board.bind(serial(number), std::nullopt)->slot->value, slot);
            fixture.test(slot);
        }
    }

    void noPassGivesWayBeforeTheRoundIsOver()
    {
        Fixture fixture;
        for (int slot = 1; slot <= 3; ++slot) {
            fixture.bind(slot);
            fixture.start(slot);
        }
        fixture.finish(1);
        fixture.finish(2);
        QCOMPARE(fixture.next(), 0);
        QVERIFY(fixture.refusalOf(9) == ScanCode::NoFreeSlot);
        fixture.finish(3);
        QCOMPARE(fixture.next(), 1);
    }

    void aSlotThatWaitsForItsStartKeepsTheRoundOpen()
    {
        Fixture fixture;
        fixture.bind(1);
        fixture.test(1);
        fixture.bind(2);
        fixture.test(2);
        fixture.bind(3);
        QCOMPARE(fixture.next(), 0);
    }

    void whatIsNoPassIsPassedOver_data()
    {
        QTest::addColumn<Outcome>("outcome");
        QTest::newRow("FAIL") << Outcome::Fail;
        QTest::newRow("HOLD") << Outcome::Hold;
        QTest::newRow("station fault") << Outcome::StationFault;
        QTest::newRow("stopped") << Outcome::Aborted;
    }
    void whatIsNoPassIsPassedOver()
    {
        QFETCH(Outcome, outcome);
        Fixture fixture;
        fixture.bind(1);
        fixture.bind(2);
        fixture.bind(3);
        fixture.test(1, outcome);
        fixture.test(2);
        fixture.test(3);
        QCOMPARE(fixture.next(), 2);
        fixture.bind(4);
        fixture.bind(5);
        QCOMPARE(fixture.next(), 0);
        QVERIFY(serialOf(fixture.board.state({1})) == serial(1));
    }

    void aRejectedRecordKeepsItsTile()
    {
        Fixture fixture;
        fixture.passRound(1);
        QCOMPARE(fixture.next(), 1);
        fixture.board.apply({1}, RecordJudged{true});
        QCOMPARE(fixture.next(), 2);
        fixture.board.apply({1}, RecordJudged{false}); // queued again, and accepted
        QCOMPARE(fixture.next(), 2);
    }

    void saysWhenOnlyResultsAreLeft()
    {
        Fixture fixture;
        for (int slot = 1; slot <= 3; ++slot) {
            fixture.bind(slot);
            fixture.test(slot, Outcome::Fail);
        }
        QVERIFY(fixture.refusalOf(9) == ScanCode::ResultsWait);
        QVERIFY(fixture.refusalOf(2) == ScanCode::SerialHasResult);
        QCOMPARE(fixture.board.bind(serial(9), SlotNumber{2})->slot->value, 2);
    }

    void theChosenSlotComesFirst()
    {
        Fixture fixture;
        QCOMPARE(fixture.board.target(SlotNumber{3})->value, 3);
        QCOMPARE(fixture.board.bind(serial(1), SlotNumber{3})->slot->value, 3);
        QCOMPARE(fixture.next(), 1);
    }

    void aChosenSlotThatRunsIsNoTarget()
    {
        Fixture fixture;
        fixture.bind(1);
        fixture.start(1);
        QVERIFY(!fixture.board.target(SlotNumber{1}));
        QVERIFY(fixture.refusalOf(2, SlotNumber{1}) == ScanCode::ChosenSlotRuns);
        QVERIFY(!fixture.board.slotOf(serial(2))); // nor is the marked one, which nobody chose
        QCOMPARE(fixture.next(), 2);
        QVERIFY(serialOf(fixture.board.state({1})) == serial(1));
    }

    void aSlotThatIsNotThereIsNoTarget() { QCOMPARE(Fixture{}.board.target(SlotNumber{7})->value, 1); }

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
        fixture.test(1);
        QVERIFY(!fixture.board.bind(serial(2), SlotNumber{1})->gaveWay);
    }

    void refusesASerialThatRunsInTheChosenSlot()
    {
        Fixture fixture;
        fixture.bind(1);
        fixture.start(1);
        QVERIFY(fixture.refusalOf(1, SlotNumber{1}) == ScanCode::SerialAlreadyInSlot);
    }

    /// The device may still be in its slot, or be in the person's hand for the marked one: only the person knows.
    void aSecondScanOfAResultIsAskedAbout_data()
    {
        QTest::addColumn<Outcome>("outcome");
        QTest::newRow("PASS") << Outcome::Pass;
        QTest::newRow("FAIL") << Outcome::Fail;
    }
    void aSecondScanOfAResultIsAskedAbout()
    {
        QFETCH(Outcome, outcome);
        Fixture fixture;
        fixture.bind(1);
        fixture.bind(2);
        fixture.test(2, outcome);
        QVERIFY(fixture.refusalOf(2) == ScanCode::SerialHasResult);
        QVERIFY(fixture.board.resultOf(serial(2)) == SlotNumber{2});
        QCOMPARE(fixture.board.bind(serial(2), SlotNumber{2})->slot->value, 2);
        QVERIFY(!fixture.board.resultOf(serial(2)));
    }

    /// Its slot is free then, in its turn; a PASS is not cleared out of its turn, and neither is a run.
    void aResultThatWasAcknowledgedFreesItsSlot()
    {
        Fixture fixture;
        for (int slot = 1; slot <= 3; ++slot) {
            fixture.bind(slot);
            fixture.start(slot);
        }
        fixture.finish(1, Outcome::Fail);
        fixture.finish(2, Outcome::Pass);
        QCOMPARE(fixture.next(), 0);
        QVERIFY(!*fixture.board.acknowledge({2}));
        QVERIFY(!*fixture.board.acknowledge({3}));
        QVERIFY(!*fixture.board.acknowledge({9}));
        QVERIFY(*fixture.board.acknowledge({1}));
        QVERIFY(std::holds_alternative<SlotEmpty>(fixture.board.state({1})));
        QVERIFY(!*fixture.board.acknowledge({1})); // once is enough
        QCOMPARE(fixture.next(), 1);
        QVERIFY(!fixture.board.resultOf(serial(1)));
    }

    void aRejectedRecordIsAcknowledgedLikeAnyResult()
    {
        Fixture fixture;
        fixture.bind(1);
        fixture.test(1);
        fixture.board.apply({1}, RecordJudged{true});
        QVERIFY(*fixture.board.acknowledge({1}));
    }

    /// The next serial number would be bound to the device that failed.
    void aResultStaysWhileItsDeviceIsSeenInTheSlot()
    {
        SlotBoard board(std::vector<SlotNumber>{{1}, {2}}, enrollment::PairingRule::Insert);
        SelfStart::Time now{};
        const auto lookAt = [&](bool present) {
            board.look({{{SlotNumber{1}, present}, {SlotNumber{2}, false}}, true, now += SlotDevices::kGone});
        };
        lookAt(false);
        lookAt(false);
        QVERIFY(board.bind(serial(1), std::nullopt).ok());
        lookAt(false);
        lookAt(true);
        lookAt(true);
        QVERIFY(std::holds_alternative<SlotReady>(board.state({1})));
        board.apply({1}, RunStarted{});
        enrollment::AttestationRun run;
        run.serialNumber = serial(1);
        run.outcome = Outcome::Fail;
        run.tpm.emplace();
        board.apply({1}, RunFinished{run});
        QVERIFY(board.acknowledge({1}).error().code == ScanCode::OldDeviceInSlot);
        QVERIFY(std::holds_alternative<SlotFinished>(board.state({1})));
        lookAt(false);
        lookAt(false);
        QVERIFY(*board.acknowledge({1}));
    }

    /// Whatever was scanned since, taken or not: its device may be the one that is in.
    void aStoppedTestStartsAgainUntilALabelIsScanned()
    {
        const std::vector<std::function<void(SlotBoard&)>> labels{
            [](SlotBoard& board) { board.scanRefused(); },
            [](SlotBoard& board) { QVERIFY(!board.bind(serial(1), std::nullopt).ok()); },
            [](SlotBoard& board) { QVERIFY(board.bind(serial(1), SlotNumber{3}).ok()); },
            [](SlotBoard& board) { QVERIFY(board.bind(serial(3), std::nullopt).ok()); },
            [](SlotBoard& board) { QVERIFY(board.takeBack({2})); }, // whose device is in somebody's hand now
        };
        for (const auto& scan : labels) {
            Fixture fixture;
            fixture.bind(1);
            QVERIFY(!fixture.board.startsAgain({1})); // nothing was stopped
            fixture.bind(2);
            fixture.start(1);
            fixture.stop(1);
            QVERIFY(fixture.board.startsAgain({1}));
            QVERIFY(!fixture.board.startsAgain({2}) && !fixture.board.startsAgain({9}));
            scan(fixture.board);
            QVERIFY(!fixture.board.startsAgain({1}));
        }
    }

    /// Whoever comes next stopped nothing, and may put another device in; nor does the one who comes back know what is in.
    void whatOneStoppedNobodyElseStartsAgain()
    {
        for (const auto leave : {&SlotBoard::changeHands, &SlotBoard::leaveAlone}) {
            for (const bool stillRuns : {false, true}) {
                Fixture fixture;
                fixture.bind(1);
                fixture.start(1);
                if (stillRuns) {
                    fixture.board.apply({1}, StopAsked{});
                    (fixture.board.*leave)();
                    fixture.stop(1);
                } else {
                    fixture.stop(1);
                    QVERIFY(fixture.board.startsAgain({1}));
                    (fixture.board.*leave)();
                }
                QVERIFY(!fixture.board.startsAgain({1}));
            }
        }
    }

    void aLabelBeforeTheStoppedTestHasEndedCountsToo()
    {
        Fixture fixture;
        fixture.bind(1);
        fixture.start(1);
        fixture.board.apply({1}, StopAsked{});
        fixture.board.scanRefused();
        fixture.stop(1); // asked once more
        QVERIFY(!fixture.board.startsAgain({1}));
    }

    void aTestThatEndedAllTheSameIsNotStartedAgain()
    {
        Fixture fixture;
        fixture.bind(1);
        fixture.start(1);
        fixture.board.apply({1}, StopAsked{});
        fixture.finish(1, Outcome::Fail);
        QVERIFY(!fixture.board.startsAgain({1}));
    }

    /// Its tile asks for it. Nobody looks at the slots here.
    void aDeviceThatWasTakenOutIsTestedAgainByItsScan()
    {
        Fixture fixture;
        fixture.bind(1);
        fixture.bind(2);
        fixture.start(2);
        enrollment::AttestationRun run;
        run.serialNumber = serial(2);
        run.outcome = Outcome::Aborted;
        run.code = DeviceCode::DeviceRemoved;
        fixture.board.apply({2}, RunFinished{run});
        QCOMPARE(fixture.board.bind(serial(3), std::nullopt)->slot->value, 3); // another one goes where it always does
        QCOMPARE(fixture.board.bind(serial(2), std::nullopt)->slot->value, 2);
        QVERIFY(fixture.refusalOf(2, SlotNumber{1}) == ScanCode::SerialAlreadyInSlot);
    }

    void refusesWhenEverySlotIsBusy()
    {
        Fixture fixture;
        for (int slot = 1; slot <= 3; ++slot) {
            fixture.bind(slot);
        }
        QVERIFY(fixture.refusalOf(9) == ScanCode::SlotsWaitForStart);
        fixture.start(1);
        QVERIFY(fixture.refusalOf(9) == ScanCode::NoFreeSlot);
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
