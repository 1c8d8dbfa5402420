#include "core/base/device_code.h"
#include "core/base/scan_code.h"
#include "tests/core/station/station_line.h"

#include <functional>

using namespace enroll;
using namespace enroll::station;
using namespace enroll::test;
using enrollment::PairingRule;
using enrollment::SlotNumber;
using enrollment::StartRule;

namespace {

using Event = std::function<void(StationLine&)>;

const StationLine::Slots kNone{};
const StationLine::Slots kFirst{{1}};
enrollment::AttestationRun runOf(Outcome outcome, ErrorCode code)
{
    enrollment::AttestationRun run;
    run.serialNumber = serial(1);
    run.outcome = outcome;
    run.code = code;
    return run;
}

/// Somebody pulls the device of serial 1 out of slot 1 in the middle of its test, and does \p meanwhile before.
void pullOut(StationLine& line, const Event& meanwhile = {})
{
    QVERIFY(line.scan(1, 1).ok());
    line.look();
    line.inside[1] = true;
    line.lookTwice();
    QCOMPARE(line.due(), kFirst);
    line.board.apply({1}, RunStarted{});
    if (meanwhile) {
        meanwhile(line);
    }
    auto run = runOf(Outcome::Aborted, DeviceCode::DeviceRemoved);
    run.tpm.emplace();
    line.board.apply({1}, RunFinished{run});
    QCOMPARE(line.due(), kNone); // what ended starts nothing
    line.inside[1] = false;
}

void putBack(StationLine& line)
{
    line.inside[1] = true;
    line.lookTwice();
    QVERIFY(line.board.unnamed({1}));
}

void pullOutAndPutBack(StationLine& line)
{
    pullOut(line);
    line.lookTwice();
    putBack(line);
}

/// Slot 1 shows what it showed when the device was pulled out.
bool showsItsTest(const StationLine& line)
{
    return asksForScan(line.board.state({1})) && serialOf(line.board.state({1})) == serial(1) &&
           !line.board.hidesResult({1});
}

} // namespace

/// A tile that asks for another scan gets it: the scan is taken for its slot, if nobody chose another. A device that comes
/// after it is tested; one that is in before may be any, and is asked about. The scan of another label is not taken.
class ScanAgainTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    /// Hands follow the text.
    void everyInstructionThatAsksForAScanIsKnownAsSuch()
    {
        for (const auto& row : allCodes()) {
            for (const auto outcome : kAllOutcomes) {
                const auto run = runOf(outcome, row.code);
                const auto text = instructionFor(row.code, outcome).text;
                const bool says = text.find("scan again") != std::string_view::npos ||
                                  text.find("scan it again") != std::string_view::npos ||
                                  text.find("Scan its label again") != std::string_view::npos;
                QVERIFY2(!row.verdict || asksForScan(run) == (says && outcome == Outcome::Aborted), row.text.data());
            }
        }
        QVERIFY(!asksForScan(SlotState{SlotReady{serial(1)}}) && !asksForScan(SlotState{SlotUnknown{}}));
    }

    void whateverAsksForAScanTakesIt()
    {
        for (const auto& row : allCodes()) {
            for (const auto start : {StartRule::Key, StartRule::Scan, StartRule::Present}) {
                if (!row.verdict || *row.verdict == Outcome::Pass) {
                    continue;
                }
                StationLine line(PairingRule::NextSlot, start);
                line.testIn(1, 1, *row.verdict, row.code);
                const bool asks = asksForScan(line.board.state({1}));
                const auto again = line.scan(1);
                QVERIFY2(again.ok() == asks, row.text.data());
                QVERIFY2(again.ok() ? again->slot == SlotNumber{1} : again.error().code == ScanCode::SerialHasResult,
                         row.text.data());
            }
        }
    }

    /// However long it was out: whoever put this one in knows which it is, and nobody else.
    void aDeviceThatIsInBeforeItsScanIsAskedAbout()
    {
        for (const int looksWithout : {0, 1, 3, 12}) {
            for (const int looksWithin : {0, 2, 8}) {
                byEachRule([=](StationLine& line) {
                    line.testFirst();
                    pullOut(line);
                    for (int i = 0; i < looksWithout; ++i) {
                        line.look();
                    }
                    line.inside[1] = true;
                    for (int i = 0; i < looksWithin; ++i) {
                        line.look();
                    }
                    QVERIFY(showsItsTest(line));
                    QCOMPARE(line.due(), kNone);
                    QVERIFY(line.scan(1).value().slot == SlotNumber{1});
                    line.lookTwice();
                    QCOMPARE(line.due(), kNone);
                    QVERIFY(line.asks(1));
                    line.run(1); // the answer
                });
            }
        }
    }

    /// Its label is scanned while the slot is empty for certain, as it seems: a device may be in that does not answer yet. No
    /// look ends the question, however long the slot is empty; another scan of the label does not either.
    void aDeviceThatComesAfterItsScanIsAskedAbout()
    {
        for (const bool again : {false, true}) {
            byEachRule([again](StationLine& line) {
                line.testFirst();
                pullOut(line);
                line.lookLong();
                QVERIFY(line.scan(1).value().slot == SlotNumber{1});
                line.lookLong();
                if (again) {
                    QVERIFY(line.scan(1).ok());
                }
                line.inside[1] = true;
                line.lookTwice();
                QVERIFY(line.asks(1) && line.due() == kNone);
                line.inside[1] = false; // it starts anew, or its line is out
                line.lookLong();
                line.inside[1] = true;
                line.lookTwice();
                QVERIFY(line.asks(1) && line.due() == kNone);
                line.run(1); // the answer
                line.inside[1] = false;
                line.lookLong();
                QVERIFY(!line.board.doubted({1})); // the question is over
            });
        }
    }

    /// Its serial number is taken out, and scanned anew for another slot: no tile asked for that.
    void aSerialThatIsTakenBackIsScannedAsEver()
    {
        byEachRule([](StationLine& line) {
            pullOut(line);
            line.lookLong();
            QVERIFY(line.scan(1).ok());
            QVERIFY(line.board.takeBack({1}) == serial(1));
            line.lookLong();
            QVERIFY(line.scan(1, 1).ok());
            line.look();
            line.inside[1] = true;
            line.lookTwice();
            QCOMPARE(line.due(), kFirst);
        });
    }

    /// Another serial number takes the slot: what a tile asked for is not asked about that.
    void anotherSerialIsNotQuestioned()
    {
        byEachRule([](StationLine& line) {
            pullOut(line);
            line.lookLong();
            QVERIFY(line.scan(1).ok() && line.board.questioned({1}));
            QVERIFY(line.scan(2, 1).ok() && !line.board.questioned({1}));
            line.lookLong();
            line.inside[1] = true;
            line.lookTwice();
            QCOMPARE(line.due(), kFirst);
        });
    }

    /// A device may have been pulled out whatever its test says: it gave no answer in time, or was stopped.
    void aTestWithoutAnEndMakesTheNextDeviceDoubtful()
    {
        for (const auto& run :
             {runOf(Outcome::Fail, DeviceCode::TpmTimedOut), runOf(Outcome::Aborted, DeviceCode::Cancelled)}) {
            byEachRule([&](StationLine& line) {
                line.testFirst();
                QVERIFY(line.scan(1, 1).ok());
                line.look();
                line.inside[1] = true;
                line.lookTwice();
                line.board.apply({1}, RunStarted{});
                QVERIFY(line.scan(2, 3).ok());
                line.look();
                line.board.apply({1}, RunFinished{run});
                line.inside[1] = false;
                line.inside[3] = true;
                line.lookTwice();
                QVERIFY(line.asks(3) && line.due() == kNone);
            });
        }
    }

    /// A device that was pulled out may be put where another one is waited for.
    void aDeviceThatWasPulledOutInItsTestMayComeElsewhere()
    {
        byEachRule([](StationLine& line) {
            line.testFirst();
            pullOut(line, [](StationLine& meanwhile) {
                QVERIFY(meanwhile.scan(2, 3).ok());
                meanwhile.look();
            });
            line.inside[3] = true;
            line.lookTwice();
            QVERIFY(line.asks(3) && line.due() == kNone);
        });
        StationLine line{PairingRule::Insert, StartRule::Present};
        line.testFirst();
        pullOut(line, [](StationLine& meanwhile) {
            QVERIFY(!meanwhile.scan(2).value().slot); // in hand
            meanwhile.look();
        });
        line.inside[3] = true;
        line.lookTwice();
        QVERIFY(line.board.unnamed({3}) && line.due() == kNone);
    }

    /// Who chooses the slot speaks of the device that is in, and is asked all the same where it may be the one of before.
    void aChosenSlotTestsItsDeviceAgain()
    {
        byEachRule([](StationLine& line) {
            pullOutAndPutBack(line);
            QVERIFY(line.scan(1, 1).ok());
            QVERIFY(line.asks(1) && line.due() == kNone);
        });
        byEachRule([](StationLine& line) {
            pullOut(line);
            line.lookLong();
            putBack(line); // what came before any scan since may be any
            QVERIFY(line.scan(1, 1).ok());
            QVERIFY(line.asks(1) && line.due() == kNone);
        });
        byEachRule([](StationLine& line) {
            pullOut(line);
            line.lookLong();
            QVERIFY(line.scan(1, 1).ok()); // for one that comes
            line.look();
            line.inside[1] = true;
            line.lookTwice();
            QCOMPARE(line.due(), kFirst);
        });
        byEachRule([](StationLine& line) {
            line.testIn(1, 1, Outcome::Fail, DeviceCode::AttestationWrong);
            QVERIFY(line.scan(1, 1).ok());
            QVERIFY(line.asks(1) && line.due() == kNone);
        });
    }

    /// Meanwhile another device was tested as usual: nobody takes this one for that.
    void othersAreTestedBetween()
    {
        byEachRule([](StationLine& line) {
            pullOutAndPutBack(line);
            QVERIFY(line.scan(2, 2).ok());
            line.look();
            line.inside[2] = true;
            line.lookTwice();
            line.test();
            QVERIFY(showsItsTest(line));
            QVERIFY(line.scan(1).value().slot == SlotNumber{1});
            QVERIFY(line.asks(1) && line.due() == kNone);
        });
    }

    /// Its serial number gets another slot, where it is pulled out again: only that tile asks for its label, whatever came into
    /// the first one.
    void onlyTheLatestTileOfASerialAsks()
    {
        byEachRule([](StationLine& line) {
            pullOut(line);
            line.lookLong();
            QVERIFY(line.scan(1, 3).ok());
            QVERIFY(std::holds_alternative<SlotEmpty>(line.board.state({1})));
            line.look();
            line.inside[3] = true;
            line.lookTwice();
            QCOMPARE(line.due(), StationLine::Slots{{3}});
            line.run(3, Outcome::Aborted, DeviceCode::DeviceRemoved);
            line.inside[3] = false;
            line.lookLong();
            line.inside[1] = true; // another device
            line.lookTwice();
            line.inside[3] = true;
            line.lookTwice();
            QVERIFY(line.scan(1).value().slot == SlotNumber{3});
            line.lookTwice();
            QCOMPARE(line.due(), kNone);
            QVERIFY(line.asks(3) && line.board.unnamed({1}));
        });
    }

    /// It has a verdict in another slot: a second reading of its label is told where, and goes nowhere.
    void aSerialWithAResultElsewhereIsAskedForNoMore()
    {
        byEachRule([](StationLine& line) {
            pullOut(line);
            line.lookLong();
            line.testIn(3, 1);
            line.inside[1] = true;
            line.lookTwice();
            QVERIFY(line.scan(1).error().code == ScanCode::SerialHasResult);
            QCOMPARE(line.due(), kNone);
        });
    }

    /// A label that has no slot is not forgotten because the slot was empty when it was read.
    void aLabelThatWasRefusedWhileTheSlotWasEmptyCounts()
    {
        byEachRule([](StationLine& line) {
            pullOut(line);
            line.lookLong();
            line.board.scanRefused();
            QVERIFY(line.scan(2, 2).ok());
            line.inside[1] = true; // the device of the refused label
            line.lookTwice();
            line.inside[2] = true;
            line.lookTwice();
            line.board.apply({2}, RunStarted{});
            line.board.apply({2}, RunFinished{runOf(Outcome::Pass, DeviceCode::DeviceRemoved)});
            QVERIFY(line.scan(1).value().slot == SlotNumber{1});
            line.lookTwice();
            QCOMPARE(line.due(), kNone);
            QVERIFY(line.asks(1));
        });
    }

    /// A restart does not forget that it was pulled out.
    void aDeviceThatWasPulledOutBeforeARestartMayComeElsewhere()
    {
        byEachRule([](StationLine& line) {
            const auto run = runOf(Outcome::Aborted, DeviceCode::DeviceRemoved);
            line.board.apply({1}, TestKept{{serial(1), {}, run.runId}});
            line.board.apply({1}, TestFound{run});
            line.lookLong();
            line.inside[2] = true;
            line.lookTwice();
            QVERIFY(line.scan(2, 2).ok());
            QVERIFY(line.asks(2) && line.due() == kNone);
        });
    }

    /// Its own label was read while its test ran, and refused: the device is asked about as ever.
    void aSecondReadingOfItsOwnLabelIsNoOther()
    {
        byEachRule([](StationLine& line) {
            QVERIFY(line.scan(1, 1).ok());
            line.look();
            line.inside[1] = true;
            line.lookTwice();
            line.board.apply({1}, RunStarted{});
            QVERIFY(line.scan(1).error().code == ScanCode::SerialAlreadyInSlot);
            line.board.apply({1}, RunFinished{runOf(Outcome::Aborted, DeviceCode::DeviceRemoved)});
            line.inside[1] = false;
            line.lookTwice();
            putBack(line);
            QVERIFY(line.scan(1).ok());
            QVERIFY(line.asks(1) && line.due() == kNone);
        });
    }

    /// The device that is in may be that of a label which has no slot, or whose device did not come yet: it is looked at first.
    void aDeviceThatMayBeAnotherOneIsAskedAbout_data()
    {
        QTest::addColumn<Event>("event");
        QTest::newRow("another label was refused") << Event{[](StationLine& line) { line.board.scanRefused(); }};
        QTest::newRow("another serial waits") << Event{[](StationLine& line) { QVERIFY(line.scan(2, 2).ok()); }};
        QTest::newRow("another serial was taken out") << Event{[](StationLine& line) {
            QVERIFY(line.scan(2, 2).ok());
            QVERIFY(line.board.takeBack({2}));
        }};
        QTest::newRow("another serial gave way") << Event{[](StationLine& line) {
            QVERIFY(line.scan(2, 2).ok());
            QVERIFY(line.scan(3, 2)->gaveWay);
            line.look();
            line.inside[2] = true;
            line.lookTwice();
            line.run(2);
        }};
        QTest::newRow("nobody was there") << Event{[](StationLine& line) { line.board.leaveAlone(); }};
    }
    void aDeviceThatMayBeAnotherOneIsAskedAbout()
    {
        QFETCH(const Event, event);
        for (const bool whileItIsOut : {false, true}) {
            byEachRule([&](StationLine& line) {
                pullOut(line);
                line.look();
                if (whileItIsOut) {
                    event(line);
                }
                putBack(line);
                if (!whileItIsOut) {
                    event(line);
                }
                QVERIFY(showsItsTest(line));
                QVERIFY(line.scan(1).value().slot == SlotNumber{1});
                line.lookTwice();
                QCOMPARE(line.due(), kNone);
                QVERIFY(line.asks(1));
            });
        }
    }

    /// It was refused before the test began, and its device may have come into the slot since.
    void aLabelThatWasRefusedBeforeTheTestCountsToo()
    {
        byEachRule([](StationLine& line) {
            QVERIFY(line.scan(1, 1).ok());
            line.look();
            line.inside[1] = true;
            line.lookTwice();
            line.board.scanRefused();
            line.run(1, Outcome::Aborted, DeviceCode::DeviceRemoved); // started by its key
            line.inside[1] = false;
            line.look();
            putBack(line);
            QVERIFY(line.scan(1).ok());
            QCOMPARE(line.due(), kNone);
            QVERIFY(line.asks(1));
        });
    }

    void anotherLabelIsNotTakenForItsSlot()
    {
        for (const auto start : {StartRule::Scan, StartRule::Present}) {
            StationLine marked(PairingRule::NextSlot, start);
            pullOutAndPutBack(marked);
            QVERIFY(marked.scan(2).value().slot == SlotNumber{2});
            QVERIFY(showsItsTest(marked));
            StationLine chosen(PairingRule::SlotThenSerial, start);
            pullOutAndPutBack(chosen);
            QVERIFY(chosen.scan(2).error().code == ScanCode::NoSlotChosen);
            QVERIFY(showsItsTest(chosen));
            StationLine inserted(PairingRule::Insert, start);
            pullOutAndPutBack(inserted);
            QVERIFY(!inserted.scan(2).value().slot);
            QVERIFY(inserted.board.inHand() == serial(2) && showsItsTest(inserted));
            SlotBoard only({{1}}, PairingRule::NextSlot, SelfStart{start});
            only.apply({1}, SerialBound{serial(1)});
            only.apply({1}, RunStarted{});
            only.apply({1}, RunFinished{runOf(Outcome::Aborted, DeviceCode::DeviceRemoved)});
            QVERIFY(only.bind(serial(2), {}).error().code == ScanCode::ResultsWait);
            QVERIFY(only.bind(serial(1), {}).value().slot == SlotNumber{1});
        }
    }

    /// Whose device is in is asked in its place: what is shown nowhere refuses nothing.
    void aResultThatIsNotShownRefusesNoScan()
    {
        for (const auto outcome : {Outcome::Pass, Outcome::Aborted}) {
            const auto code = outcome == Outcome::Pass ? std::nullopt : std::optional<ErrorCode>{DeviceCode::Cancelled};
            byEachRule([&](StationLine& line) {
                line.testIn(1, 1, outcome, code);
                QVERIFY(line.scan(1).error().code == ScanCode::SerialHasResult);
                QVERIFY(!line.board.hidesResult({1}));
                line.inside[1] = false;
                line.lookTwice();
                line.inside[1] = true;
                line.lookTwice();
                QVERIFY(line.board.hidesResult({1}));
                const auto again = line.scan(1);
                QVERIFY(again.ok() || again.error().code == ScanCode::NoSlotChosen); // as of any label
                QVERIFY(line.due().empty());
            });
        }
    }
};

QTEST_GUILESS_MAIN(ScanAgainTest)
#include "tst_scan_again.moc"
