#include "core/base/device_code.h"
#include "core/base/scan_code.h"
#include "tests/ui/sensing_station.h"
#include "ui/model/step_names.h"
#include "ui/run/lasting_message.h"

#include <QSignalSpy>

using namespace enroll;
using namespace enroll::ui;
using enrollment::PairingRule;
using enrollment::SerialNumber;
using enrollment::StartRule;
using test::kPatience;
using test::SensedDevices;
using test::SensingStation;
using test::stallingDevice;
using test::Station;

namespace {

namespace station = ::enroll::station;

const test::SensingRules kSlotThenSerial{PairingRule::SlotThenSerial, station::SelfStart{StartRule::Present}};
const test::SensingRules kNextSlot{PairingRule::NextSlot, station::SelfStart{StartRule::Present}};

bool asksFor(const Station& station, const char* text)
{
    return station.message().next.contains(QLatin1String(text));
}

/// The only slot of a fixture, whose device is in, and what its run came to.
struct OnlySlot {
    OnlySlot(PairingRule rule, Outcome outcome) : board{{{1}}, rule}
    {
        look(false);
        look(false);
        look(true);
        if (rule == PairingRule::Insert) {
            look(true);
            QVERIFY(board.bind(serial, enrollment::SlotNumber{1}).ok());
        }
        run.slot = {1};
        run.serialNumber = serial;
        run.outcome = outcome;
        run.tpm.emplace();
        board.apply({1}, station::RunStarted{});
        board.apply({1}, station::RunFinished{run});
    }
    void look(bool isIn)
    {
        now += station::SlotDevices::kGone;
        std::map<enrollment::SlotNumber, SerialNumber> says;
        if (isIn) {
            says.emplace(enrollment::SlotNumber{1}, serial);
        }
        board.look({{{{1}, isIn}}, true, now, says});
    }

    const SerialNumber serial{"GX-000181"};
    station::SlotBoard board;
    std::chrono::steady_clock::time_point now{};
    enrollment::AttestationRun run;
};

} // namespace

/// What the scan bar says of a device, or of a test, ends with what it speaks of.
class BarEndsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whoseDeviceItIsIsAskedWhileItIsIn()
    {
        SensingStation station(2);
        station.in(1) = true;
        QTRY_VERIFY_WITH_TIMEOUT(station.tells(ScanNews::WhoseDevice, 1), kPatience);
        station.scan(QStringLiteral("GX-000181"));
        QVERIFY(station.tells(ScanNews::InHand, 1));
        station.in(1) = false;
        QTRY_VERIFY_WITH_TIMEOUT(station.tells(ScanNews::InHand), kPatience); // the slot is not named any more
        station.press(Qt::Key_Escape);
        station.in(1) = true;
        QTRY_VERIFY_WITH_TIMEOUT(station.tells(ScanNews::WhoseDevice, 1), kPatience);
        station.in(1) = false;
        QTRY_VERIFY_WITH_TIMEOUT(station.tells(ScanNews::Idle), kPatience);
    }

    void aDeviceInTheWrongSlotIsToldOfWhileItIsThere()
    {
        SensingStation station(2, kNextSlot);
        const auto& board = station.controller->board();
        QTRY_VERIFY_WITH_TIMEOUT(!board.doubted({1}) && !board.doubted({2}), kPatience);
        station.scan(QStringLiteral("GX-000181"));
        QVERIFY(station.tells(ScanNews::Ready, 1));
        station.in(2) = true;
        QTRY_VERIFY_WITH_TIMEOUT(station.tells(ScanNews::Misplaced, 2), kPatience);
        station.in(2) = false;
        QTRY_VERIFY_WITH_TIMEOUT(station.tells(ScanNews::Idle), kPatience);
        station.in(2) = true;
        QTRY_VERIFY_WITH_TIMEOUT(station.tells(ScanNews::Misplaced, 2), kPatience);
        station.in(1) = true; // for which the serial waits: the other one is asked about, and not sent there
        QTRY_VERIFY_WITH_TIMEOUT(station.tells(ScanNews::WhoseDevice, 2), kPatience);
    }

    /// "Take it out" is done; what the hands do next is said.
    void anOldDeviceIsAskedAboutWhileItIsIn()
    {
        SensingStation station(2, kSlotThenSerial, {1});
        station.bindDoubted();
        QVERIFY(asksFor(station, "take it out"));
        station.in(1) = false;
        QTRY_VERIFY_WITH_TIMEOUT(asksFor(station, "Put the device in"), kPatience);
        QVERIFY(station.tells(ScanNews::Ready, 1) && !asksFor(station, "take it out"));
        station.in(1) = true; // another one, or the old one again: sooner than it was seen to be gone
        QTRY_VERIFY_WITH_TIMEOUT(station.senses(1) && !asksFor(station, "Put the device in"), kPatience);

        SensingStation asking(2, kSlotThenSerial, {1});
        asking.bindDoubted();
        asking.press(Qt::Key_F4);
        QVERIFY(asking.tells(ScanNews::LeftOut, 1));
        asking.in(1) = false; // what comes within five seconds is asked about
        QTRY_VERIFY_WITH_TIMEOUT(asksFor(asking, "Put its device in. Then F2, 1, F4."), kPatience);
        QTRY_VERIFY_WITH_TIMEOUT(asksFor(asking, "Put the device in: its test starts by itself."), kPatience);
    }

    /// The key that follows is no answer for the device that is in, although nothing is refused in the bar any more.
    void whatWasRefusedIsNoAnswerWhenItsSentenceIsOver()
    {
        SensingStation station(2, kSlotThenSerial, {1});
        station.bindDoubted();
        station.scan(QStringLiteral("SLOT 2"));
        station.scan(QStringLiteral("GX-000182"));
        QVERIFY(station.tells(ScanNews::Ready, 2));
        station.scan(QStringLiteral("SLOT 1"));
        station.scan(QStringLiteral("GX-000182"));
        QVERIFY(station.refuses(ScanCode::SerialAlreadyInSlot));
        QVERIFY(station.controller->takeBack({2}));
        QVERIFY(station.tells(ScanNews::Idle));
        station.press(Qt::Key_F4);
        QVERIFY(!station.runs(1) && station.tells(ScanNews::LeftOut, 1));
        station.choose(1);
        station.press(Qt::Key_F4);
        QVERIFY(station.runs(1));
    }

    /// And who gave way stays named.
    void aSerialThatWaitsSaysWhatStartsItNow()
    {
        station::SlotBoard board({{1}, {2}}, PairingRule::SlotThenSerial, station::SelfStart{StartRule::Present});
        std::chrono::steady_clock::time_point now{};
        const auto look = [&](bool isIn) {
            now += station::SlotDevices::kGone;
            board.look({{{{1}, isIn}, {{2}, false}}, true, now});
        };
        look(false);
        look(false);
        QVERIFY(board.bind(SerialNumber{"GX-000181"}, enrollment::SlotNumber{1}).ok());
        const auto bound = board.bind(SerialNumber{"GX-000182"}, enrollment::SlotNumber{1});
        QVERIFY(bound.ok() && bound->gaveWay);
        const auto message = boundMessage(*bound, QStringLiteral("GX-000182"), board);
        QVERIFY(asItIsNow(message, board) == message);
        look(true); // it came while the slot was doubted
        const auto asked = asItIsNow(message, board);
        QVERIFY(asked && asked->news == ScanNews::Ready && asked->next != message.next);
        QVERIFY(asked->next.contains(QLatin1String("GX-000181")));
        look(false);
        QVERIFY(asItIsNow(*asked, board) == message);
    }

    void aDeviceThatCameIsNotAwaitedAnyMore()
    {
        station::SlotBoard board({{1}, {2}}, PairingRule::Insert);
        std::chrono::steady_clock::time_point now{};
        const auto look = [&](bool isIn) {
            now += station::SlotDevices::kGone;
            board.look({{{{1}, isIn}, {{2}, false}}, true, now});
        };
        look(false);
        look(false);
        QVERIFY(board.bind(SerialNumber{"GX-000181"}, enrollment::SlotNumber{1}).ok());
        const auto refused = board.bind(SerialNumber{"GX-000182"}, {});
        QVERIFY(!refused.ok() && refused.error().code == ScanCode::DeviceAwaited);
        const auto message = refusalMessage(refused.error(), board);
        QVERIFY(message.slot && asItIsNow(message, board) == message);
        look(true);
        QVERIFY(!asItIsNow(message, board));
    }

    void aTestThatEndedIsNotStoppingAnyMore()
    {
        Station station(2, stallingDevice);
        station.scan(QStringLiteral("GX-000181"));
        station.press(Qt::Key_F4);
        station.press(Qt::Key_F7);
        station.readQuestion();
        station.press(Qt::Key_F7);
        QVERIFY(station.tells(ScanNews::Stopping, 1));
        QTRY_VERIFY_WITH_TIMEOUT(station.tile(1).look == TileLook::Stopped, kPatience);
        QVERIFY(station.tells(ScanNews::Idle));

        Station saving(2, {}, std::make_shared<std::latch>(1));
        saving.scan(QStringLiteral("GX-000181"));
        saving.press(Qt::Key_F4);
        const auto saves = [&] {
            const auto& progress = saving.tile(1).progress;
            return progress && progress->current == kShownSteps;
        };
        QTRY_VERIFY_WITH_TIMEOUT(saves(), kPatience);
        saving.press(Qt::Key_F7);
        QVERIFY(saving.tells(ScanNews::TooLateToStop, 1));
        saving.openGate();
        QTRY_VERIFY_WITH_TIMEOUT(saving.tile(1).look == TileLook::Pass, kPatience);
        QVERIFY(saving.tells(ScanNews::Idle));
    }

    void aSerialThatFoundNoSlotIsAskedForOnceOneIsFree()
    {
        Station station(2, {}, std::make_shared<std::latch>(1));
        station.fillAll();
        station.press(Qt::Key_F4);
        station.type(QStringLiteral("GX-000003"));
        QVERIFY(station.refuses(ScanCode::NoFreeSlot));
        station.openGate();
        QTRY_VERIFY_WITH_TIMEOUT(station.tells(ScanNews::Idle), kPatience);
    }

    /// A PASS gives way once its device is out, and every other result once somebody dealt with it.
    void theOnlySlotsResultSaysWhatIsLeftToDo_data()
    {
        QTest::addColumn<PairingRule>("rule");
        QTest::newRow("insert") << PairingRule::Insert;
        QTest::newRow("device-serial") << PairingRule::DeviceSerial;
    }
    void theOnlySlotsResultSaysWhatIsLeftToDo()
    {
        QFETCH(const PairingRule, rule);
        OnlySlot passed(rule, Outcome::Pass);
        const auto stays = resultMessage(passed.run, passed.board);
        QVERIFY(stays.news == ScanNews::ResultStays && stays.next.contains(QLatin1String("Take it out")));
        QVERIFY(asItIsNow(stays, passed.board) == stays);
        passed.look(false);
        passed.look(false);
        QCOMPARE(asItIsNow(stays, passed.board)->news, ScanNews::Idle);

        OnlySlot failed(rule, Outcome::Fail);
        const auto isIn = resultMessage(failed.run, failed.board);
        QVERIFY(isIn.next.contains(QLatin1String("out, then press F8")));
        QVERIFY(!failed.board.acknowledge({1}).ok()); // as it says
        failed.look(false);
        failed.look(false);
        const auto isOut = asItIsNow(isIn, failed.board);
        QVERIFY(isOut && isOut->news == ScanNews::ResultStays && isOut->next.contains(QLatin1String("press F8")));
        QVERIFY(!isOut->next.contains(QLatin1String("Take")));
        QVERIFY(*failed.board.acknowledge({1}));
    }

    /// On the screen, where it also ends what was refused because the device was in.
    void theOnlySlotIsFreeOnceItsDeviceIsOut()
    {
        SensedDevices devices;
        Station station(1, {}, nullptr, "^GX-[0-9]{6}$", PairingRule::Insert, devices.probe());
        QTRY_VERIFY_WITH_TIMEOUT(!station.controller->board().doubted({1}), kPatience);
        station.scan(QStringLiteral("GX-000181"));
        QSignalSpy looked(station.controller.get(), &RunController::slotChanged);
        QVERIFY(looked.wait(kPatience) && looked.wait(kPatience));
        devices.in(1) = true;
        QTRY_VERIFY_WITH_TIMEOUT(station.tells(ScanNews::Ready, 1), kPatience);
        station.press(Qt::Key_F4);
        QTRY_VERIFY_WITH_TIMEOUT(station.tells(ScanNews::ResultStays, 1), kPatience);
        devices.in(1) = false;
        QTRY_VERIFY_WITH_TIMEOUT(station.tells(ScanNews::Idle), kPatience);
    }
};

QTEST_MAIN(BarEndsTest)
#include "tst_bar_ends.moc"
