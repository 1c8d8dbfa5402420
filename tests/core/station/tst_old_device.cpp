#include "core/base/device_code.h"
#include "core/base/scan_code.h"
#include "tests/core/station/station_line.h"

using namespace enroll;
using namespace enroll::station;
using enroll::test::byEachRule;
using enroll::test::serial;
using enroll::test::StationLine;
using enrollment::PairingRule;
using enrollment::SlotNumber;
using enrollment::StartRule;

namespace {

const StationLine::Slots kNone{};
const StationLine::Slots kFirst{{1}};

/// The program starts anew; \p kept of each slot, as far as that can be read.
void restart(StationLine& line, bool readable)
{
    auto board = SlotBoard({{1}, {2}, {3}}, line.board.rule(), SelfStart{StartRule::Present});
    for (const auto slot : line.board.slots()) {
        const auto* finished = std::get_if<SlotFinished>(&line.board.state(slot));
        if (!readable) {
            board.apply(slot, TestKept{});
        } else if (finished != nullptr) {
            board.apply(slot, TestKept{{finished->run.serialNumber}});
            board.apply(slot, TestFound{finished->run});
        }
    }
    line.board = board;
}

void scanChosen(StationLine& line, int number, int slot = 1)
{
    static_cast<void>(line.scan(number, slot)); // by "insert" B-612 refuses it beside its result's device
    line.lookTwice();
}

} // namespace

/// The device of before stands in slot 1 and never moves: no serial number of another one is tested on it, whatever is
/// pressed, lost or broken meanwhile.
class OldDeviceTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void isNotTestedAfterItsResultWasClearedWhereALookMissedIt()
    {
        byEachRule([](StationLine& line) {
            line.testIn(1, 1, Outcome::StationFault, DeviceCode::DeviceRemoved); // the connection broke
            line.inside[1] = false;
            line.lookTwice();
            QVERIFY(*line.board.acknowledge({1}));
            line.inside[1] = true;
            line.lookTwice();
            QVERIFY(line.board.unnamed({1})); // never shown as empty
            scanChosen(line, 2);
            QCOMPARE(line.due(), kNone);
            QVERIFY(line.asks(1));
        });
    }

    void itsResultIsNotClearedWhileItIsIn()
    {
        byEachRule([](StationLine& line) {
            line.testIn(1, 1, Outcome::Fail);
            QVERIFY(line.board.acknowledge({1}).error().code == ScanCode::OldDeviceInSlot);
            line.inside[1] = false;
            line.lookLong();
            QVERIFY(*line.board.acknowledge({1}));
        });
    }

    void isNotTestedAfterARestart_data()
    {
        QTest::addColumn<bool>("readable");
        QTest::addColumn<bool>("acknowledged");
        QTest::newRow("kept") << true << false;
        QTest::newRow("kept, dealt with") << true << true;
        QTest::newRow("lost") << false << false;
        QTest::newRow("lost, dealt with") << false << true;
    }
    void isNotTestedAfterARestart()
    {
        QFETCH(const bool, readable);
        QFETCH(const bool, acknowledged);
        byEachRule([&](StationLine& line) {
            line.testIn(1, 1, Outcome::Fail);
            restart(line, readable);
            if (acknowledged) {
                QVERIFY(*line.board.acknowledge({1}));
            }
            line.lookTwice();
            QVERIFY(line.board.unnamed({1})); // never shown as empty
            scanChosen(line, 2);
            QVERIFY(line.board.slotOf(serial(2)) == SlotNumber{1});
            QCOMPARE(line.due(), kNone);
            QVERIFY(line.asks(1));
            line.inside[1] = false;
            line.lookLong();
            line.inside[1] = true;
            line.lookTwice();
            QCOMPARE(line.due(), kFirst); // the next one is in
        });
    }

    void isNotTestedWhenTheSerialThatReplacedItWasTakenBack()
    {
        byEachRule([](StationLine& line) {
            line.testIn(1, 1);
            scanChosen(line, 2);
            line.board.takeBack({1});
            line.lookTwice();
            scanChosen(line, 3);
            QCOMPARE(line.due(), kNone);
        });
    }

    void isNotTestedAfterAShortOutage_data()
    {
        QTest::addColumn<bool>("scanFirst");
        QTest::newRow("while a serial waits") << true;
        QTest::newRow("before the scan") << false;
    }
    void isNotTestedAfterAShortOutage()
    {
        QFETCH(const bool, scanFirst);
        byEachRule([&](StationLine& line) {
            line.testIn(1, 1);
            if (scanFirst) {
                scanChosen(line, 2);
            }
            line.inside[1] = false;
            line.lookTwice();
            line.look();
            line.inside[1] = true;
            line.lookTwice();
            scanChosen(line, 2);
            QCOMPARE(line.due(), kNone);
        });
    }

    /// F4 means what was not asked about; the slot's own key means this device.
    void isLeftOutByTheKeyForAllSlots()
    {
        StationLine line(PairingRule::SlotThenSerial, StartRule::Present);
        line.testIn(1, 1);
        scanChosen(line, 2);
        QVERIFY((line.board.ready() == std::vector{SlotNumber{1}}));
        QVERIFY((line.board.leftOut() == std::vector{SlotNumber{1}}));
    }

    /// It waits for the key, and so does whoever's label is scanned next.
    void isNotTestedUnderTheSerialThatItsOwnGaveWayTo()
    {
        byEachRule([](StationLine& line) {
            line.testFirst();
            QVERIFY(line.scan(1, 1).ok());
            line.look();
            line.inside[1] = true;
            line.lookTwice();
            QCOMPARE(line.due(), kFirst);
            QVERIFY(line.scan(2, 1)->gaveWay == serial(1));
            line.lookTwice();
            QCOMPARE(line.due(), kNone);
        });
    }

    void isNotTestedWhereItWasPutByMistake()
    {
        byEachRule([](StationLine& line) {
            line.testFirst();
            QVERIFY(line.scan(1, 2).ok());
            line.look();
            line.inside[1] = true;
            line.lookTwice();
            QVERIFY(line.board.unnamed({1}));
            line.board.takeBack({2});
            scanChosen(line, 2);
            QCOMPARE(line.due(), kNone);
            QVERIFY(line.asks(1));
        });
    }

    /// Its own scan found no slot, and the look that finds it comes after the next scan.
    void isNotTestedWhereItCameUnseenBetweenTwoScans()
    {
        byEachRule([](StationLine& line) {
            line.testIn(1, 1);
            static_cast<void>(line.scan(2));
            line.inside[2] = true;
            static_cast<void>(line.scan(1, 1));
            line.board.apply({1}, RunStarted{});
            line.look();
            static_cast<void>(line.scan(3, 2));
            line.lookTwice();
            QCOMPARE(line.due(), kNone);
        });
    }

    void isNotTestedAfterItsLabelWasRefused()
    {
        byEachRule([](StationLine& line) {
            line.testFirst();
            line.board.scanRefused();
            line.inside[1] = true;
            line.lookTwice();
            scanChosen(line, 2);
            QCOMPARE(line.due(), kNone);
            QVERIFY(line.asks(1));
        });
    }

    /// It comes where another one is waited for, and the key for all slots comes before the next look.
    void isLeftOutBeforeALookFoundIt()
    {
        byEachRule([](StationLine& line) {
            line.testFirst();
            QVERIFY(line.scan(1, 1).ok());
            line.lookLong();
            line.inside[1] = true;
            QCOMPARE(line.board.leftOut(), kFirst);
            line.look();
            QVERIFY(line.board.leftOut().empty());
        });
    }

    /// By "insert": what waits in slot 1, where another device is asked about, is scanned once more, or is in there and taken
    /// out. It is not what comes for the serial number in hand.
    void isNotTestedForTheSerialInHand()
    {
        for (const bool isTakenOut : {false, true}) {
            for (const auto start : {StartRule::Scan, StartRule::Present}) {
                StationLine line(PairingRule::Insert, start);
                line.testFirst();
                line.board.scanRefused();
                line.inside[1] = true;
                line.lookTwice();
                QVERIFY(line.scan(1, 1).ok() && line.asks(1));
                QVERIFY(!line.scan(2).value().slot); // in hand
                line.look();
                if (!isTakenOut) {
                    QVERIFY(line.scan(1).ok());
                }
                line.inside[1] = !isTakenOut;
                line.inside[3] = true;
                line.lookTwice();
                QCOMPARE(line.due(), kNone);
                QVERIFY(line.board.unnamed({3}));
            }
        }
    }
};

QTEST_APPLESS_MAIN(OldDeviceTest)
#include "tst_old_device.moc"
