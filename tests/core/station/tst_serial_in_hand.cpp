#include "core/base/scan_code.h"
#include "core/station/slot_board.h"

#include <QTest>

using namespace enroll;
using namespace enroll::station;
using enrollment::PairingRule;
using enrollment::SerialNumber;
using enrollment::SlotNumber;
using What = SlotNews::What;

namespace {

const SerialNumber kA{"A"};
const SerialNumber kB{"B"};

enrollment::AttestationRun runOf(const SerialNumber& serial, Outcome outcome)
{
    enrollment::AttestationRun run;
    run.serialNumber = serial;
    run.outcome = outcome;
    return run;
}

/// A person and a station with three slots.
struct Fixture {
    SlotBoard board{{{1}, {2}, {3}}, PairingRule::Insert};
    std::map<SlotNumber, bool> devices{{{1}, false}, {{2}, false}, {{3}, false}};
    SelfStart::Time now{};

    Fixture() { lookLong(); }
    std::vector<SlotNews> look() { return board.look({devices, true, now += std::chrono::seconds{1}}); }
    /// Until a slot is known to be empty.
    std::vector<SlotNews> lookLong() { return looks(10); }
    std::vector<SlotNews> looks(int times)
    {
        std::vector<SlotNews> all;
        for (int i = 0; i < times; ++i) {
            std::ranges::copy(look(), std::back_inserter(all));
        }
        return all;
    }
    [[nodiscard]] ErrorCode refusalOf(const SerialNumber& serial, std::optional<SlotNumber> wanted = {})
    {
        return board.bind(serial, wanted).error().code;
    }
    void put(int slot, bool in = true) { devices[{slot}] = in; }
    void test(int slot, Outcome outcome)
    {
        board.apply({slot}, RunStarted{});
        board.apply({slot}, RunFinished{runOf(*serialOf(board.state({slot})), outcome)});
    }
    /// Scans, puts the device in, and waits until the serial has the slot.
    void insert(const SerialNumber& serial, int slot)
    {
        QVERIFY(board.bind(serial, {}).ok());
        look();
        put(slot);
        const auto news = looks(2);
        QVERIFY((news == std::vector{SlotNews{What::Bound, {slot}, serial}}));
    }
};

} // namespace

class SerialInHandTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theDeviceThatComesNextCarriesTheSerialInHand()
    {
        Fixture fixture;
        QVERIFY(!fixture.board.bind(kA, {})->slot);
        QVERIFY(fixture.board.inHand() == kA);
        QVERIFY(!fixture.board.bind(kA, {})->slot); // the same label again
        fixture.look();
        fixture.put(2);
        QVERIFY(fixture.look().empty());
        QVERIFY((fixture.look() == std::vector{SlotNews{What::Bound, {2}, kA}}));
        QVERIFY(!fixture.board.inHand());
        QVERIFY(fixture.board.slotOf(kA) == SlotNumber{2});
        fixture.insert(kB, 1);
    }

    void twoAtOnceAreAskedAbout()
    {
        Fixture fixture;
        QVERIFY(fixture.board.bind(kA, {}).ok());
        fixture.look();
        fixture.put(1);
        fixture.look();
        fixture.put(3); // before the next look: which was first is not known
        QVERIFY((fixture.looks(2) == std::vector{SlotNews{What::Unnamed, {1}}, SlotNews{What::Unnamed, {3}}}));
        QVERIFY(fixture.board.inHand() == kA);
        QVERIFY(fixture.board.unnamed({3}));
        QCOMPARE(fixture.board.bind(kA, SlotNumber{3})->slot->value, 3);
        QVERIFY(!fixture.board.inHand());
        QVERIFY(!fixture.board.unnamed({3}));
        QVERIFY(fixture.board.unnamed({1}));
    }

    void aDeviceWithoutASerialIsAskedAbout()
    {
        Fixture fixture;
        fixture.look();
        fixture.put(2);
        QVERIFY((fixture.looks(3) == std::vector{SlotNews{What::Unnamed, {2}}}));
        QVERIFY(!fixture.board.bind(kA, {})->slot); // of this device, or of one that comes: not known
        QVERIFY(fixture.looks(3).empty());
        fixture.put(1); // so the next one is asked about, too
        QVERIFY((fixture.looks(3) == std::vector{SlotNews{What::Unnamed, {1}}}));
        fixture.put(1, false);
        fixture.put(2, false);
        fixture.lookLong();
        QVERIFY(!fixture.board.unnamed({2}));
        fixture.put(3); // it may be one of them
        QVERIFY((fixture.looks(2) == std::vector{SlotNews{What::Unnamed, {3}}}));
        fixture.put(3, false);
        fixture.lookLong();
        QVERIFY(!fixture.board.bind(kA, {})->slot); // it is that one's turn again
        fixture.looks(1);
        fixture.put(3);
        QVERIFY((fixture.looks(2) == std::vector{SlotNews{What::Bound, {3}, kA}}));
    }

    /// It was put in before the scan, and the look that found it began before, too.
    void aSlotThatWasNotSeenEmptySinceTheScanIsAskedAbout()
    {
        Fixture fixture;
        fixture.look();
        QVERIFY(fixture.board.bind(kA, {}).ok());
        fixture.board.look({fixture.devices, false});
        fixture.put(1);
        QVERIFY((fixture.looks(2) == std::vector{SlotNews{What::Unnamed, {1}}}));
    }

    void oneSerialAtATimeIsInHand()
    {
        Fixture fixture;
        QVERIFY(fixture.board.bind(kA, {}).ok());
        QVERIFY(fixture.refusalOf(kB) == ScanCode::OtherSerialInHand);
        QVERIFY(fixture.refusalOf(kB, SlotNumber{2}) == ScanCode::OtherSerialInHand);
        fixture.board.dropHand();
        QVERIFY(fixture.board.bind(kB, {}).ok());
    }

    void aSerialThatWaitsInItsSlotForItsDeviceComesFirst()
    {
        Fixture fixture;
        fixture.look();
        QCOMPARE(fixture.board.bind(kA, SlotNumber{2})->slot->value, 2);
        QVERIFY(fixture.refusalOf(kB) == ScanCode::DeviceAwaited);
        fixture.put(3);
        QVERIFY((fixture.looks(2) == std::vector{SlotNews{What::Misplaced, {3}, kA, SlotNumber{2}}}));
        fixture.put(3, false);
        fixture.looks(2);
        QCOMPARE(fixture.board.bind(kA, {})->slot->value, 2); // it is its turn, whatever was refused
        fixture.look();
        fixture.put(2);
        QVERIFY(fixture.looks(3).empty());
        QVERIFY(fixture.board.bind(kB, {}).ok());
    }

    /// The serial was given to that device. Whatever comes next may be another one.
    void aDeviceThatLeavesBeforeItsRunTakesItsSerialAlong()
    {
        Fixture fixture;
        fixture.insert(kA, 1);
        fixture.put(1, false);
        QVERIFY((fixture.look() == std::vector{SlotNews{What::Dropped, {1}, kA}}));
        QVERIFY(!fixture.board.inHand());
        fixture.look();
        fixture.put(3);
        QVERIFY((fixture.looks(2) == std::vector{SlotNews{What::Unnamed, {3}}}));
        fixture.put(3, false);
        fixture.lookLong();
        fixture.insert(kA, 3); // scanned again
        QVERIFY(fixture.board.bind(kB, {}).ok());
        fixture.put(3, false);
        QVERIFY((fixture.look() == std::vector{SlotNews{What::Dropped, {3}, kA}}));
        QVERIFY(fixture.board.inHand() == kB);
    }

    /// What comes next may be either's.
    void aDeviceThatLeavesWhileAnotherSerialIsInHandIsAskedAbout()
    {
        for (const int back : {1, 3}) { // to where it was, and to where nothing was
            Fixture fixture;
            fixture.insert(kA, 1);
            QVERIFY(fixture.board.bind(kB, {}).ok());
            fixture.look();
            fixture.put(1, false);
            QVERIFY((fixture.look() == std::vector{SlotNews{What::Dropped, {1}, kA}}));
            fixture.put(back);
            QVERIFY((fixture.looks(3) == std::vector{SlotNews{What::Unnamed, {back}}}));
            QVERIFY(fixture.board.inHand() == kB);
            QCOMPARE(fixture.board.bind(kA, SlotNumber{back})->slot->value, back); // somebody looked at the label
            fixture.put(2);
            QVERIFY((fixture.looks(3) == std::vector{SlotNews{What::Unnamed, {2}}}));
            QCOMPARE(fixture.board.bind(kB, SlotNumber{2})->slot->value, 2);
        }
    }

    void aResultStaysUntilItsDeviceLeft()
    {
        Fixture fixture;
        fixture.insert(kA, 1);
        fixture.test(1, Outcome::Fail);
        QVERIFY(fixture.refusalOf(kA) == ScanCode::SerialHasResult);
        QVERIFY(fixture.refusalOf(kB, SlotNumber{1}) == ScanCode::OldDeviceInSlot);
        QCOMPARE(fixture.board.bind(kA, SlotNumber{1})->slot->value, 1); // tested again where it is
        fixture.test(1, Outcome::Fail);
        fixture.put(1, false);
        fixture.look();
        QVERIFY(!fixture.board.resultLeft({1})); // one look may err
        fixture.look();
        QVERIFY(!fixture.board.resultLeft({1})); // and so may a network
        fixture.lookLong();
        QVERIFY(fixture.board.resultLeft({1}));
        fixture.insert(kA, 1); // the device of the result, scanned again
    }

    /// Its tile may have said that its device is to be put in again.
    void aResultThatStaysTakesNoOtherSerialInHand()
    {
        for (const auto outcome : {Outcome::Fail, Outcome::Hold, Outcome::StationFault, Outcome::Aborted}) {
            Fixture fixture;
            fixture.insert(kA, 1);
            fixture.test(1, outcome);
            fixture.put(1, false);
            fixture.lookLong();
            QVERIFY(fixture.board.bind(kB, {}).ok());
            fixture.look();
            fixture.put(1);
            QVERIFY((fixture.looks(3) == std::vector{SlotNews{What::Unnamed, {1}}}));
            QVERIFY(fixture.board.inHand() == kB && serialOf(fixture.board.state({1})) == kA);
            QCOMPARE(fixture.board.bind(kB, SlotNumber{1})->slot->value, 1); // somebody looked at its label
        }
    }

    void aResultThatWasDealtWithLeavesAFreeSlot()
    {
        Fixture fixture;
        fixture.insert(kA, 1);
        fixture.test(1, Outcome::Fail);
        fixture.put(1, false);
        fixture.lookLong();
        QVERIFY(fixture.board.acknowledge({1}).value());
        fixture.insert(kB, 1);
    }

    void oneLookWithoutAnAnswerIsNoOtherDevice()
    {
        Fixture fixture;
        fixture.insert(kA, 1);
        fixture.test(1, Outcome::Pass);
        QVERIFY(fixture.board.bind(kB, {}).ok());
        fixture.put(1, false);
        fixture.look();
        fixture.put(1);
        QVERIFY(fixture.looks(3).empty());
        QVERIFY(fixture.board.inHand() == kB);
    }

    /// Nor is an outage, after which a device may be taken for one that came.
    void aShortOutageBringsNoOtherDevice()
    {
        Fixture fixture;
        fixture.insert(kA, 1);
        fixture.test(1, Outcome::Pass);
        QVERIFY(fixture.board.bind(kB, {}).ok());
        fixture.put(1, false);
        fixture.looks(3);
        fixture.put(1);
        QVERIFY((fixture.looks(3) == std::vector{SlotNews{What::Unnamed, {1}}}));
        QVERIFY(fixture.board.inHand() == kB);
    }

    void aSlotOfWhichNothingIsCertainDecidesNothing()
    {
        Fixture fixture;
        QVERIFY(fixture.board.bind(kA, {}).ok());
        fixture.look();
        fixture.put(1);
        fixture.look();
        fixture.devices.erase({1});
        QVERIFY(fixture.looks(2).empty());
        fixture.put(1);
        QVERIFY((fixture.look() == std::vector{SlotNews{What::Bound, {1}, kA}}));
    }
};

QTEST_APPLESS_MAIN(SerialInHandTest)
#include "tst_serial_in_hand.moc"
