#include "core/base/scan_code.h"
#include "core/station/slot_board.h"

#include <QTest>

using namespace enroll;
using namespace enroll::station;
using enrollment::PairingRule;
using enrollment::SerialNumber;
using enrollment::SlotNumber;

namespace {

const SerialNumber kTested{"GX-000183"};
const SerialNumber kOther{"GX-000184"};
constexpr SlotNumber kSlot{1};
constexpr std::array kRules{PairingRule::NextSlot, PairingRule::SlotThenSerial, PairingRule::Insert};

enum class Came { Nothing, Fail, Pass, Lost };

/// A station of two slots that starts anew: the first was testing, and the journal was searched.
struct Restarted {
    explicit Restarted(PairingRule rule, Came came = Came::Nothing, int slots = 2) : board(numbered(slots), rule)
    {
        board.apply(kSlot, TestKept{{came == Came::Lost ? std::nullopt : std::optional{kTested},
                                     UtcTime{std::chrono::hours{1}}}});
        if (came == Came::Lost) {
            return;
        }
        if (came == Came::Nothing) {
            board.apply(kSlot, TestNotFound{});
            return;
        }
        enrollment::AttestationRun run;
        run.serialNumber = kTested;
        run.outcome = came == Came::Pass ? Outcome::Pass : Outcome::Fail;
        board.apply(kSlot, TestFound{run});
    }
    static std::vector<SlotNumber> numbered(int slots)
    {
        std::vector<SlotNumber> all;
        for (int i = 1; i <= slots; ++i) {
            all.push_back({i});
        }
        return all;
    }

    std::vector<SlotNews> look(bool present)
    {
        now += std::chrono::seconds{1};
        return board.look({{{kSlot, present}, {SlotNumber{2}, false}}, true, now});
    }
    void lookLong(bool present)
    {
        for (auto left = 2 * SlotDevices::kGone; left > std::chrono::seconds{0}; --left) {
            look(present);
        }
    }
    [[nodiscard]] bool isUnknown() const { return std::holds_alternative<SlotUnknown>(board.state(kSlot)); }
    [[nodiscard]] bool waitsHere(const SerialNumber& serial) const
    {
        return board.state(kSlot) == SlotState{SlotReady{serial}};
    }

    SlotBoard board;
    SelfStart::Time now{};
};

} // namespace

/// What a person can do with a slot that shows a test from before the restart, by each pairing rule.
class AfterRestartTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aResultThatIsStillLookedUpIsNotCleared()
    {
        for (const auto rule : kRules) {
            SlotBoard board({kSlot, {2}}, rule);
            board.apply(kSlot, TestKept{{kTested, UtcTime{std::chrono::hours{1}}}});
            QVERIFY(!*board.acknowledge(kSlot));
            enrollment::AttestationRun run;
            run.serialNumber = kTested;
            run.outcome = Outcome::Fail;
            board.apply(kSlot, TestFound{run});
            QVERIFY(std::holds_alternative<SlotFinished>(board.state(kSlot)));
        }
    }

    void theSameSerialIsBoundAgainWhereItIsChosen()
    {
        for (const auto rule : kRules) {
            Restarted station(rule);
            const auto unchosen = station.board.bind(kTested, std::nullopt);
            QVERIFY(!unchosen.ok() && unchosen.error().code == ScanCode::SerialHasResult);
            QVERIFY(station.isUnknown());
            QVERIFY(station.board.bind(kTested, kSlot).ok());
            QVERIFY(station.waitsHere(kTested));
        }
    }

    void noOtherSerialWipesItAwayUnchosen()
    {
        for (const auto rule : kRules) {
            Restarted station(rule);
            static_cast<void>(station.board.bind(kOther, std::nullopt));
            QVERIFY(station.isUnknown());
            QVERIFY(station.board.target(std::nullopt) != kSlot);
        }
    }

    void theOnlySlotIsNotMarkedBeforeSomebodyDealtWithIt()
    {
        for (const auto rule : {PairingRule::NextSlot, PairingRule::SlotThenSerial}) {
            Restarted station(rule, Came::Nothing, 1);
            QVERIFY(station.board.bind(kOther, std::nullopt).error().code == ScanCode::ResultsWait);
            QVERIFY(*station.board.acknowledge(kSlot));
            QVERIFY(station.board.bind(kOther, std::nullopt).ok());
        }
    }

    void aChosenSlotTakesAnotherSerial()
    {
        for (const auto rule : kRules) {
            Restarted station(rule);
            QVERIFY(station.board.bind(kOther, kSlot).ok());
            QVERIFY(station.waitsHere(kOther));
        }
    }

    void acknowledgingFreesTheSlot()
    {
        for (const auto rule : kRules) {
            Restarted station(rule);
            QVERIFY(*station.board.acknowledge(kSlot));
            QVERIFY(station.board.state(kSlot) == SlotState{SlotEmpty{}});
        }
    }

    void aPassGivesWayAsEver()
    {
        Restarted station(PairingRule::NextSlot, Came::Pass, 1);
        QVERIFY(station.board.target(std::nullopt) == kSlot);
        QVERIFY(station.board.bind(kOther, std::nullopt).ok());
    }

    /// It may have been exchanged while nobody watched.
    void theDeviceThatTheFirstLookFindsIsAskedAbout()
    {
        for (const auto came : {Came::Nothing, Came::Fail, Came::Pass, Came::Lost}) {
            Restarted station(PairingRule::Insert, came);
            QVERIFY(station.look(true).empty());
            const auto news = station.look(true);
            QCOMPARE(news.size(), std::size_t{1});
            QVERIFY(news.front().what == SlotNews::What::Unnamed);
            QVERIFY(station.board.unnamed(kSlot) && station.board.doubted(kSlot));
        }
    }

    /// Whose it is says whoever chose its slot and scans its label.
    void whoChoosesTheSlotSaysWhoseItIs()
    {
        for (const auto came : {Came::Nothing, Came::Fail, Came::Pass, Came::Lost}) {
            for (const auto& serial : {kTested, kOther}) {
                Restarted station(PairingRule::Insert, came);
                station.look(true);
                station.look(true);
                QVERIFY(station.board.bind(serial, kSlot).ok());
                QVERIFY(station.waitsHere(serial));
                QVERIFY((station.board.leftOut() == std::vector{kSlot})); // and looks at it, before it is started
            }
        }
    }

    void noSerialThatWaitsIsBoundToIt()
    {
        for (const auto came : {Came::Nothing, Came::Fail, Came::Pass, Came::Lost}) {
            for (const auto& serial : {kTested, kOther}) {
                Restarted station(PairingRule::Insert, came);
                static_cast<void>(station.board.bind(serial, std::nullopt)); // in hand, or B-605
                for (int i = 0; i < 3; ++i) {
                    station.look(true);
                }
                QVERIFY(!station.waitsHere(serial) && station.board.unnamed(kSlot));
                static_cast<void>(station.board.bind(serial, std::nullopt)); // its label alone names no slot
                for (int i = 0; i < 3; ++i) {
                    station.look(true);
                }
                QVERIFY(station.board.inHand() == serial || (came != Came::Lost && serial == kTested)); // B-605
                QVERIFY(!station.waitsHere(serial) && station.board.unnamed(kSlot));
            }
        }
    }

    void aResultWhoseDeviceIsAskedAboutCanBeDealtWith()
    {
        Restarted station(PairingRule::Insert, Came::Fail);
        station.look(true);
        station.look(true);
        QVERIFY(*station.board.acknowledge(kSlot));
        QVERIFY(station.board.unnamed(kSlot));
    }

    void aSlotOfWhichNothingIsKnownStaysSoUntilSomebodyDealtWithIt()
    {
        for (const auto rule : kRules) {
            Restarted station(rule, Came::Lost);
            QVERIFY(station.isUnknown());
            QVERIFY(station.board.forgotten() == std::vector{kSlot});
            static_cast<void>(station.board.bind(kOther, std::nullopt));
            QVERIFY(station.board.forgotten() == std::vector{kSlot});
            QVERIFY(station.board.target(std::nullopt) != kSlot);
            QVERIFY(*station.board.acknowledge(kSlot));
            QVERIFY(station.board.forgotten().empty());
        }
    }

    void aDeviceThatLeftMeanwhileComesBackByItsLabel()
    {
        Restarted station(PairingRule::Insert);
        station.look(false);
        QVERIFY(!station.board.resultLeft(kSlot)); // not for certain
        station.lookLong(false);
        QVERIFY(station.board.resultLeft(kSlot));
        QVERIFY(station.board.bind(kTested, std::nullopt).ok()); // no B-605: it is in hand
        station.look(false);
        station.look(true);
        station.look(true);
        QVERIFY(station.waitsHere(kTested));
    }

    void aDeviceThatComesLaterIsAskedAbout()
    {
        Restarted station(PairingRule::Insert);
        station.look(false);
        station.look(true);
        const auto news = station.look(true);
        QCOMPARE(news.size(), std::size_t{1});
        QVERIFY(news.front().what == SlotNews::What::Unnamed);
    }

    void aDeviceWhoseTestWasAcknowledgedBeforeTheFirstLookIsAskedAbout()
    {
        Restarted station(PairingRule::Insert);
        QVERIFY(*station.board.acknowledge(kSlot));
        station.look(true);
        QVERIFY(!station.look(true).empty());
        QVERIFY(station.board.unnamed(kSlot));
    }

    /// A file that is gone tells nothing, and neither does one that says that a slot was empty.
    void whatIsInAtTheStartIsDoubtedWhateverWasKept()
    {
        for (const auto pairing : kRules) {
            SlotBoard board({kSlot, {2}}, pairing, SelfStart{enrollment::StartRule::Present});
            board.look({{{kSlot, true}, {SlotNumber{2}, false}}, true});
            QVERIFY(board.doubted(kSlot) && board.doubted({2}));
            QVERIFY(board.bind(kOther, kSlot).ok());
            QVERIFY(board.due({}).empty());
            QVERIFY(board.startOf(kSlot) == StartBy::Answer);
        }
    }

    void aSlotThatIsNotThereAnyMoreIsPassedOver()
    {
        Restarted station(PairingRule::NextSlot);
        const auto before = station.board;
        station.board.apply({9}, TestKept{{kOther, UtcTime{}}});
        QVERIFY(station.board == before);
    }
};

QTEST_APPLESS_MAIN(AfterRestartTest)
#include "tst_after_restart.moc"
