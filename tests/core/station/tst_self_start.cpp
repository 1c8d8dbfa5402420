#include "tests/core/station/station_line.h"

using namespace enroll;
using namespace enroll::station;
using enroll::test::serial;
using enrollment::PairingRule;
using enrollment::SlotNumber;
using enrollment::StartRule;
using std::chrono::seconds;
using Fixture = enroll::test::StationLine;
using Slots = Fixture::Slots;

namespace {

const Slots kNone{};
const Slots kFirst{{1}};

struct Rules {
    const char* name;
    PairingRule pairing;
    std::optional<int> label; ///< of the slot that is scanned before each serial
};

const std::array<Rules, 3> kEveryPairing{{{"next-slot", PairingRule::NextSlot, {}},
                                          {"slot-then-serial", PairingRule::SlotThenSerial, 1},
                                          {"insert", PairingRule::Insert, {}}}};

} // namespace

class SelfStartTest : public QObject {
    Q_OBJECT

    /// Once for each pairing and each rule for starts.
    static void everyPairing(const QList<StartRule>& starts)
    {
        QTest::addColumn<int>("pairing");
        QTest::addColumn<StartRule>("start");
        for (std::size_t at = 0; at < kEveryPairing.size(); ++at) {
            for (const auto start : starts) {
                const auto word = wordOf(start);
                QTest::addRow("%s, %s", kEveryPairing.at(at).name, word.data()) << static_cast<int>(at) << start;
            }
        }
    }
    static const Rules& rules()
    {
        QFETCH(const int, pairing);
        return kEveryPairing.at(static_cast<std::size_t>(pairing));
    }
    static Fixture fixture()
    {
        QFETCH(const StartRule, start);
        return {rules().pairing, start};
    }

private Q_SLOTS:
    void theKeyAloneStarts_data() { everyPairing({StartRule::Key}); }
    void theKeyAloneStarts()
    {
        auto line = fixture();
        line.lookTwice();
        QVERIFY(line.scan(1, rules().label).ok());
        line.look();
        line.inside[1] = true;
        line.lookTwice();
        QCOMPARE(line.due(), kNone);
        QVERIFY(line.board.late(line.now + seconds{60}).empty());
        QVERIFY(line.board.startOf({1}) == StartBy::Key);
    }

    /// Somebody else signed in meanwhile: whoever starts it is to have meant it.
    void whatSomebodyElseScannedWaitsForTheKey_data() { everyPairing({StartRule::Scan, StartRule::Present}); }
    void whatSomebodyElseScannedWaitsForTheKey()
    {
        auto line = fixture();
        line.lookTwice();
        QVERIFY(line.scan(1, rules().label).ok());
        line.look();
        line.inside[1] = true;
        line.lookTwice();
        QCOMPARE(line.due(), kFirst); // and could not be started before
        line.board.changeHands();
        line.look();
        QCOMPARE(line.due(), kNone);
        QVERIFY(line.board.startOf({1}) == StartBy::Key);
        QVERIFY(line.board.late(line.now + seconds{60}).empty());
        QVERIFY(line.scan(1, rules().label).ok()); // once more, by who is there now
        QCOMPARE(line.due(), kFirst);
    }

    /// The station is locked: whoever put a device in meanwhile may be anybody.
    void whatComesWhileNobodyWatchesIsDoubted_data() { everyPairing({StartRule::Scan, StartRule::Present}); }
    void whatComesWhileNobodyWatchesIsDoubted()
    {
        const bool insert = rules().pairing == PairingRule::Insert; // asks whose it is: the label answers
        for (const bool later : {false, true}) {
            auto line = fixture();
            QVERIFY(line.scan(1, rules().label).ok());
            line.look();
            line.board.leaveAlone();
            QVERIFY(!line.board.inHand());
            if (later) {
                line.lookLong();
            }
            line.inside[1] = true;
            line.lookTwice();
            QCOMPARE(line.due(), kNone);
            QVERIFY(insert || line.asks(1));
            QVERIFY(line.scan(1, insert ? std::optional{1} : rules().label).ok());
            line.lookTwice();
            QCOMPARE(line.due(), kNone);
            QVERIFY(line.asks(1));
            QVERIFY((line.board.leftOut() == std::vector{SlotNumber{1}}));
        }
    }

    /// The label once more, and then its device: no question is left.
    void whatIsScannedAgainAfterwardsStarts_data() { everyPairing({StartRule::Scan, StartRule::Present}); }
    void whatIsScannedAgainAfterwardsStarts()
    {
        auto line = fixture();
        QVERIFY(line.scan(1, rules().label).ok());
        line.look();
        line.board.leaveAlone();
        line.lookLong();
        QVERIFY(line.scan(1, rules().label).ok());
        line.look();
        line.inside[1] = true;
        line.lookTwice();
        QCOMPARE(line.due(), kFirst);
    }

    /// The serial first, then its device.
    void aDeviceThatComesAfterItsScanStarts_data() { everyPairing({StartRule::Scan, StartRule::Present}); }
    void aDeviceThatComesAfterItsScanStarts()
    {
        auto line = fixture();
        line.lookTwice();
        QVERIFY(line.scan(1, rules().label).ok());
        line.look();
        QCOMPARE(line.due(), kNone);
        line.inside[1] = true;
        line.lookTwice();
        QCOMPARE(line.due(), kFirst);
        QCOMPARE(*serialOf(line.board.state({1})), serial(1));
        line.test();
    }

    /// The device first: by "scan" it belongs to the scan; by "present" only if somebody chose its slot.
    void aDeviceThatWasInBelongsToTheScanOrIsDoubted()
    {
        for (const auto& [name, pairing, label] : kEveryPairing) {
            for (const auto start : {StartRule::Scan, StartRule::Present}) {
                Fixture line(pairing, start);
                line.testFirst();
                line.inside[1] = true;
                line.lookTwice();
                QVERIFY(line.board.unnamed({1}));
                const bool insert = pairing == PairingRule::Insert; // asks whose it is: the label answers
                QVERIFY(line.scan(1, insert ? std::optional{1} : label).ok());
                const bool doubted = start == StartRule::Present && pairing == PairingRule::NextSlot;
                QCOMPARE(line.asks(1), doubted);
                line.look();
                QCOMPARE(line.due(), doubted ? kNone : kFirst);
                if (doubted) { // taken out and put in: it is of the scan
                    line.inside[1] = false;
                    line.lookLong();
                    QVERIFY(line.board.slotOf(serial(1)) == SlotNumber{1}); // the serial stays
                    line.inside[1] = true;
                    line.look();
                    QCOMPARE(line.due(), kFirst);
                }
            }
        }
    }

    /// The first device of the day, and one of a later round; whether or not a look found it before its label was scanned.
    void byScanADeviceThatIsInStartsByItsScan_data() { everyPairing({StartRule::Scan}); }
    void byScanADeviceThatIsInStartsByItsScan()
    {
        const auto label = rules().label.value_or(1); // by "insert" it is asked whose the device is
        for (const bool first : {true, false}) {
            for (const int looks : {0, 1, 2, 8}) {
                auto line = fixture();
                if (!first) {
                    line.testIn(1, 9);
                    line.inside[1] = false;
                    line.lookLong();
                }
                line.inside[1] = true;
                for (int i = 0; i < looks; ++i) {
                    line.look();
                }
                const bool marked = rules().pairing == PairingRule::NextSlot && first;
                QVERIFY(line.scan(1, marked ? rules().label : std::optional{label}).value().slot == SlotNumber{1});
                QVERIFY(!line.asks(1));
                line.look();
                QCOMPARE(line.due(), kFirst);
                QVERIFY(!line.asks(1));
            }
        }
    }

    /// Two devices are put in, and then each label is scanned, in the other order or not: a person says which is which.
    void byScanTwoDevicesAreAskedAbout()
    {
        for (const bool choose : {false, true}) {
            Fixture line(PairingRule::NextSlot, StartRule::Scan);
            line.inside[1] = true;
            line.inside[2] = true;
            line.lookTwice();
            QVERIFY(!line.board.scanMeansDeviceIn({1}));
            QVERIFY(line.scan(1, choose ? std::optional{1} : std::nullopt).value().slot == SlotNumber{1});
            line.look();
            QCOMPARE(line.asks(1), !choose);
            QCOMPARE(line.due(), choose ? kFirst : kNone);
        }
    }

    /// A look that begins after the scan finds another one, too.
    void byScanADeviceThatComesJustNowIsAskedAbout()
    {
        Fixture line(PairingRule::NextSlot, StartRule::Scan);
        line.inside[1] = true;
        line.lookTwice();
        line.inside[2] = true;
        QVERIFY(line.scan(1).value().slot == SlotNumber{1});
        line.look(false); // it began before the scan
        QCOMPARE(line.due(), kNone);
        line.lookTwice();
        QVERIFY(line.asks(1));
        QCOMPARE(line.due(), kNone);
    }

    void byScanADeviceThatMayBeAnotherOneIsAskedAbout()
    {
        const std::array<void (*)(Fixture&), 4> reasons{
            [](Fixture& line) { line.board.scanRefused(); },
            [](Fixture& line) { QVERIFY(line.scan(2, 2).ok()); }, // it waits for its device
            [](Fixture& line) { line.board.leaveAlone(); },
            [](Fixture& line) { line.board.apply({2}, TestKept{{serial(2)}}); }, // it waited before a restart
        };
        for (const auto reason : reasons) {
            for (const int looks : {0, 2}) {
                Fixture line(PairingRule::NextSlot, StartRule::Scan);
                reason(line);
                line.inside[1] = true;
                for (int i = 0; i < looks; ++i) {
                    line.look();
                }
                QVERIFY(line.scan(1, 1).ok());
                line.lookTwice();
                QCOMPARE(line.due(), kNone);
                QVERIFY(line.asks(1));
            }
        }
    }

    /// What the tile and the scan bar of the slot say goes by it.
    void aScanMeansTheDeviceThatIsInByScanAlone()
    {
        for (const auto start : {StartRule::Scan, StartRule::Present}) {
            Fixture line(PairingRule::NextSlot, start);
            QVERIFY(!line.board.scanMeansDeviceIn({1}));
            line.inside[1] = true;
            line.lookTwice();
            QCOMPARE(line.board.scanMeansDeviceIn({1}), start == StartRule::Scan);
            line.inside[2] = true;
            line.lookTwice();
            QVERIFY(!line.board.scanMeansDeviceIn({1}) && !line.board.scanMeansDeviceIn({2})); // it may be either's
            line.inside[1] = false;
            line.lookTwice();
            QVERIFY(!line.board.scanMeansDeviceIn({2})); // the next serial does not go there
        }
    }

    /// Looks alone end it. Who means this device presses the slot's own key.
    void neitherALabelNorAScanEndsADoubt()
    {
        Fixture line(PairingRule::NextSlot, StartRule::Present);
        line.testFirst();
        line.inside[1] = true;
        line.lookTwice();
        for (const auto label : {std::optional<int>{}, std::optional<int>{}, std::optional{1}}) {
            QVERIFY(line.scan(1, label).ok());
            line.lookTwice();
            QCOMPARE(line.due(), kNone);
            QVERIFY(line.asks(1));
            QVERIFY((line.board.leftOut() == std::vector{SlotNumber{1}}));
        }
    }

    /// The device of the last test is still in when the next serial is scanned: it is not tested as that one.
    void theDeviceOfTheLastTestStartsNothing_data()
    {
        QTest::addColumn<int>("pairing");
        QTest::addColumn<StartRule>("start");
        QTest::addColumn<int>("label");
        QTest::newRow("chosen, scan") << 0 << StartRule::Scan << 1;
        QTest::newRow("chosen, present") << 0 << StartRule::Present << 1;
        QTest::newRow("label, scan") << 1 << StartRule::Scan << 1;
        QTest::newRow("label, present") << 1 << StartRule::Present << 1;
    }
    void theDeviceOfTheLastTestStartsNothing()
    {
        QFETCH(const int, label);
        auto line = fixture();
        line.lookTwice();
        QVERIFY(line.scan(1, label).ok());
        line.look();
        line.inside[1] = true;
        line.lookTwice();
        line.test();
        line.lookTwice();
        QVERIFY(line.scan(2, label).ok());
        line.lookTwice();
        QCOMPARE(line.due(), kNone);
        QVERIFY(line.asks(1));
        QVERIFY(line.scan(2, label).ok()); // choosing it does not make it another one
        QCOMPARE(line.due(), kNone);
        QVERIFY(line.scan(3, label).ok()); // nor does another serial in its place
        QCOMPARE(line.due(), kNone);
        line.inside[1] = false;
        line.look();
        line.inside[1] = true;
        line.look(); // looks that miss it prove nothing, unless they do for long
        QCOMPARE(line.due(), kNone);
        line.inside[1] = false;
        line.lookLong();
        QCOMPARE(line.due(), kNone);
        line.inside[1] = true;
        line.look();
        QCOMPARE(line.due(), kFirst);
        QCOMPARE(*serialOf(line.board.state({1})), serial(3));
    }

    /// A new round: every PASS gives way, and their devices are still in.
    void aPassThatGivesWayLeavesItsDeviceInDoubt()
    {
        for (const auto start : {StartRule::Scan, StartRule::Present}) {
            Fixture line(PairingRule::NextSlot, start);
            line.lookTwice();
            for (const int slot : {1, 2, 3}) {
                QVERIFY(line.scan(slot).ok());
                line.look();
                line.inside.at(static_cast<std::size_t>(slot)) = true;
                line.lookTwice();
                line.test();
            }
            QVERIFY(line.scan(4).value().slot == SlotNumber{1});
            line.lookTwice();
            QCOMPARE(line.due(), kNone);
        }
    }

    /// A device whose serial was taken away is nobody's: the next scan is not of it.
    void aDeviceThatLostItsSerialIsDoubted()
    {
        Fixture line(PairingRule::NextSlot, StartRule::Scan);
        line.testFirst();
        line.inside[1] = true;
        line.lookTwice();
        QVERIFY(line.scan(1).ok());
        line.look();
        QCOMPARE(line.due(), kFirst);
        QVERIFY(line.board.takeBack({1}) == serial(1));
        QCOMPARE(line.due(), kNone);
        QVERIFY(line.scan(2).value().slot == SlotNumber{2}); // the mark stays where it was
        QVERIFY(line.scan(3).value().slot == SlotNumber{1});
        QCOMPARE(line.due(), kNone);
    }

    /// A look that began before the scan says nothing of the time after it.
    void anEarlierLookEndsNoDoubt()
    {
        Fixture line(PairingRule::NextSlot, StartRule::Present);
        line.lookTwice();
        QVERIFY(line.scan(1).ok());
        line.look(false);
        line.inside[1] = true;
        line.lookTwice();
        QCOMPARE(line.due(), kNone);
    }

    void whoseDeviceIsLateIsSaidOnce_data() { everyPairing({StartRule::Scan}); }
    void whoseDeviceIsLateIsSaidOnce()
    {
        auto line = fixture();
        line.lookTwice();
        QVERIFY(line.scan(1, rules().label).ok());
        line.look();
        QVERIFY(line.board.late(line.now).empty());
        line.now += SelfStart::kDeviceTime;
        QVERIFY((line.board.late(line.now) == std::vector{serial(1)}));
        QVERIFY(line.board.late(line.now).empty());
        line.inside[1] = true;
        line.lookTwice();
        QCOMPARE(line.due(), kNone); // it waits for the key
        QVERIFY(line.board.startOf({1}) == StartBy::Key);
        QVERIFY(line.scan(1, rules().label).ok()); // or for another scan
        QCOMPARE(line.due(), kFirst);
    }

    /// By "present" there is no hurry.
    void byPresentADeviceIsNeverLate()
    {
        Fixture line(PairingRule::SlotThenSerial, StartRule::Present);
        QVERIFY(line.scan(1, 1).ok());
        line.look();
        line.now += std::chrono::hours{8};
        QVERIFY(line.board.late(line.now).empty());
        line.inside[1] = true;
        line.look();
        QCOMPARE(line.due(), kFirst);
    }

    void aDeviceInAnotherSlotIsSaid()
    {
        for (const auto pairing : {PairingRule::NextSlot, PairingRule::SlotThenSerial}) {
            Fixture line(pairing, StartRule::Present);
            line.lookTwice();
            QVERIFY(line.scan(1, 1).ok());
            line.inside[2] = true;
            const auto news = line.look();
            QCOMPARE(news.size(), std::size_t{1});
            QVERIFY(news.front().what == SlotNews::What::Misplaced);
            QVERIFY(news.front().slot == SlotNumber{2} && news.front().other == SlotNumber{1});
            QCOMPARE(line.due(), kNone);
            QVERIFY(line.board.doubted({2}));
        }
    }

    /// It may be the one that is waited for, or be put there next: whatever comes there is asked about.
    void aDeviceInAnotherSlotMakesTheNextOneDoubtful_data() { everyPairing({StartRule::Scan, StartRule::Present}); }
    void aDeviceInAnotherSlotMakesTheNextOneDoubtful()
    {
        for (const bool isTakenOut : {false, true}) {
            auto line = fixture();
            line.testFirst();
            QVERIFY(line.scan(1, 1).ok());
            line.look();
            line.inside[2] = true;
            line.look();
            if (isTakenOut) { // and put where the bar says that the other one belongs
                line.inside[2] = false;
                line.look();
                QVERIFY(line.asks(1)); // and says so before
            }
            line.inside[1] = true;
            line.lookTwice();
            QCOMPARE(line.due(), kNone);
            QVERIFY(line.asks(1));
        }
    }

    /// Whoever waits for another device than the latest that was scanned is asked, and told so before.
    void anEarlierScanThatStillWaitsSaysThatItIsAsked()
    {
        Fixture line(PairingRule::SlotThenSerial, StartRule::Present);
        line.testFirst();
        QVERIFY(line.scan(1, 1).ok());
        QVERIFY(line.board.startOf({1}) == StartBy::Itself);
        QVERIFY(line.scan(2, 2).ok());
        QVERIFY(line.asks(1) && line.asks(2)); // whichever comes
        QVERIFY(line.scan(1, 1).ok());         // again
        line.look();
        QVERIFY(line.asks(1) && line.asks(2));
        line.inside[1] = true;
        line.lookTwice();
        QVERIFY(line.asks(1) && line.asks(2));
        QCOMPARE(line.due(), kNone);
    }

    /// Where nobody can tell whether a device is there, nothing starts by itself.
    void anUncertainSlotStartsNothing()
    {
        Fixture line(PairingRule::SlotThenSerial, StartRule::Present);
        QVERIFY(line.scan(1, 1).ok());
        line.board.look({{}, true});
        QCOMPARE(line.due(), kNone);
    }

    /// A stopped test is started again by the person who stopped it.
    void aSerialThatReturnsAfterAStopStartsNothing()
    {
        Fixture line(PairingRule::SlotThenSerial, StartRule::Present);
        line.testFirst();
        line.inside[1] = true;
        line.lookTwice();
        QVERIFY(line.scan(1, 1).ok());
        line.test(Outcome::Aborted);
        line.board.apply({1}, SerialBound{serial(1)});
        line.lookTwice();
        QCOMPARE(line.due(), kNone);
    }
};

QTEST_GUILESS_MAIN(SelfStartTest)
#include "tst_self_start.moc"
