#include "core/base/device_code.h"
#include "core/base/scan_code.h"
#include "tests/core/station/station_line.h"

#include <functional>

using namespace enroll;
using namespace enroll::station;
using enroll::test::serial;
using enroll::test::StationLine;
using enrollment::PairingRule;
using enrollment::SlotNumber;
using enrollment::StartRule;

namespace {

using Event = std::function<void(StationLine&)>;

const StationLine::Slots kNone{};
const StationLine::Slots kFirst{{1}};
constexpr auto kPairings = {PairingRule::NextSlot, PairingRule::SlotThenSerial, PairingRule::Insert};

/// Does it by each rule by which a scan comes before its test, and which starts by itself.
template <class Act>
void byEachRule(Act act)
{
    for (const auto pairing : kPairings) {
        for (const auto start : {StartRule::Scan, StartRule::Present}) {
            StationLine line(pairing, start);
            act(line);
        }
    }
}

/// Somebody pulls the device of serial 1 out of slot 1 in the middle of its test.
void pullOut(StationLine& line)
{
    QVERIFY(line.scan(1, 1).ok());
    line.look();
    line.inside[1] = true;
    line.lookTwice();
    QCOMPARE(line.due(), kFirst);
    line.run(1, Outcome::Aborted, DeviceCode::DeviceRemoved);
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

enrollment::AttestationRun runOf(Outcome outcome, ErrorCode code)
{
    enrollment::AttestationRun run;
    run.serialNumber = serial(1);
    run.outcome = outcome;
    run.code = code;
    return run;
}

} // namespace

/// A tile that asks for another scan gets it: the scan is taken for its slot, whoever chose none, and the device that it means
/// is tested. The scan of another label is not.
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
                QVERIFY2(!row.verdict || asksForScan(run) == says, row.text.data());
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

    /// However long it was out.
    void aDeviceThatComesBackIsTestedAgainByItsScan()
    {
        for (const int looksWithout : {0, 1, 3, 12}) {
            byEachRule([looksWithout](StationLine& line) {
                line.testFirst();
                pullOut(line);
                for (int i = 0; i < looksWithout; ++i) {
                    line.look();
                }
                putBack(line);
                QVERIFY(showsItsTest(line));
                QCOMPARE(line.due(), kNone);
                QVERIFY(line.scan(1).value().slot == SlotNumber{1});
                QCOMPARE(line.due(), kFirst);
                QVERIFY(!line.asks(1));
                line.test();
            });
        }
    }

    /// Put back and scanned before a look found it, and scanned before it is put back.
    void noLookIsNeededBeforeItsScan()
    {
        for (const int looksWithout : {0, 3, 12}) {
            for (const bool scanFirst : {false, true}) {
                byEachRule([=](StationLine& line) {
                    line.testFirst();
                    pullOut(line);
                    for (int i = 0; i < looksWithout; ++i) {
                        line.look();
                    }
                    line.inside[1] = !scanFirst;
                    QVERIFY(line.scan(1).value().slot == SlotNumber{1});
                    line.look();
                    line.inside[1] = true;
                    line.look();
                    QCOMPARE(line.due(), kFirst);
                });
            }
        }
    }

    /// By the slot's own label, too, and whatever came of its test.
    void aChosenSlotTestsItsDeviceAgain()
    {
        byEachRule([](StationLine& line) {
            pullOutAndPutBack(line);
            QVERIFY(line.scan(1, 1).ok());
            QCOMPARE(line.due(), kFirst);
        });
        byEachRule([](StationLine& line) {
            line.testIn(1, 1, Outcome::Fail, DeviceCode::AttestationWrong);
            QVERIFY(line.scan(1, 1).ok());
            QCOMPARE(line.due(), kFirst);
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
            QCOMPARE(line.due(), kFirst);
        });
    }

    /// Its own label was read while its test ran, and refused: that speaks of no other device.
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
            QCOMPARE(line.due(), kFirst);
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
