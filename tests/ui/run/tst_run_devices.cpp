#include "core/base/device_code.h"
#include "core/base/scan_code.h"
#include "tests/ui/sensing_station.h"
#include "ui/model/catalog_text.h"

#include <QSignalSpy>

#include <atomic>

using namespace enroll;
using namespace enroll::ui;
using test::kPatience;
using test::SensingStation;
using test::stallingDevice;
using test::Station;

namespace {

const test::SensingRules kSlotThenSerial{enrollment::PairingRule::SlotThenSerial,
                                         ::enroll::station::SelfStart{enrollment::StartRule::Present}};

/// A device that is pulled out of its first test, and stalls in every later one.
::enroll::station::DeviceTpmFactory pulledOutOnce()
{
    return [first = std::make_shared<std::atomic<bool>>(true)](const enrollment::EnrollmentOrder& order,
                                                               std::stop_token stop) -> Result<test::Device> {
        return first->exchange(false) ? makeError(DeviceCode::DeviceRemoved, "it was pulled out")
                                      : stallingDevice(order, std::move(stop));
    };
}

} // namespace

/// The Run screen by the rule "insert", where each slot senses whether a device is in.
class RunDevicesTest : public QObject {
    Q_OBJECT

    /// A station where a serial is bound to the device in slot 1, and its test was stopped.
    static void stopATest(SensingStation& station)
    {
        station.in(1) = true;
        QTRY_VERIFY_WITH_TIMEOUT(station.tells(ScanNews::WhoseDevice, 1), kPatience);
        station.scan(QStringLiteral("SLOT 1"));
        station.scan(QStringLiteral("GX-000181"));
        QVERIFY(station.tells(ScanNews::Ready, 1));
        station.scan(QStringLiteral("SLOT 1")); // it was in when the station started: this one is meant
        station.press(Qt::Key_F4);
        station.press(Qt::Key_F7);
        station.readQuestion();
        station.press(Qt::Key_F7);
        QTRY_VERIFY_WITH_TIMEOUT(station.tile(1).look == TileLook::Stopped, kPatience);
    }

private Q_SLOTS:
    void aSerialInHandGoesWhereADeviceAppears()
    {
        SensingStation station(2);
        const auto& board = station.controller->board();
        QTRY_VERIFY_WITH_TIMEOUT(!board.doubted({2}), kPatience);
        QVERIFY(!station.tile(1).next && !station.tile(2).next); // nothing is marked
        station.in(1) = true;                                    // before any scan
        QTRY_VERIFY_WITH_TIMEOUT(station.tells(ScanNews::WhoseDevice, 1), kPatience);
        station.choose(1);
        station.scan(QStringLiteral("GX-000181"));
        QVERIFY(station.tells(ScanNews::Ready, 1));
        station.choose(1);
        station.press(Qt::Key_F4);

        station.scan(QStringLiteral("GX-000182"));
        QVERIFY(station.tells(ScanNews::InHand));
        station.scan(QStringLiteral("GX-000183"));
        QVERIFY(station.refuses(ScanCode::OtherSerialInHand));
        station.press(Qt::Key_F3); // to type the next one
        QVERIFY(station.tells(ScanNews::InHand));
        station.press(Qt::Key_Escape);
        QVERIFY(!board.inHand());
        station.scan(QStringLiteral("GX-000182"));
        QSignalSpy looked(station.controller.get(), &RunController::slotChanged);
        QVERIFY(looked.wait(kPatience) && looked.wait(kPatience));
        station.in(2) = true;
        QTRY_VERIFY_WITH_TIMEOUT(station.tells(ScanNews::Ready, 2), kPatience);
        station.in(2) = false;
        QTRY_VERIFY_WITH_TIMEOUT(station.tells(ScanNews::LostSlot, 2), kPatience);
        QVERIFY(!board.inHand()); // the next device may be another one
        station.in(2) = true;
        QTRY_VERIFY_WITH_TIMEOUT(station.tells(ScanNews::WhoseDevice, 2), kPatience);
        station.scan(QStringLiteral("GX-000182")); // of this device, or of one that comes: the bar names the slot
        QVERIFY(station.tells(ScanNews::InHand, 2));
        QVERIFY(station.tile(2).look == TileLook::Whose);
        station.choose(2);
        station.scan(QStringLiteral("GX-000182"));
        QVERIFY(station.tells(ScanNews::Ready, 2));
    }

    /// It waits for half a minute; then a key asks anew.
    void newsLeaveTheQuestionWhetherToStopForAWhile()
    {
        SensingStation station(2, {}, {1});
        QTRY_VERIFY_WITH_TIMEOUT(station.tells(ScanNews::WhoseDevice, 1), kPatience);
        station.choose(1);
        station.scan(QStringLiteral("GX-000181"));
        station.press(Qt::Key_F4); // nobody looked at it
        QVERIFY(!station.runs(1) && station.tells(ScanNews::LeftOut, 1));
        station.choose(1);
        station.press(Qt::Key_F4);
        QVERIFY(station.runs(1));
        const auto asked = std::chrono::steady_clock::now();
        station.runScreen->setClock([asked] { return asked; });
        station.press(Qt::Key_F7);
        QVERIFY(station.tells(ScanNews::StopQuestion, 1));
        station.in(2) = true;
        QTRY_VERIFY_WITH_TIMEOUT(station.tile(2).look == TileLook::Whose, kPatience);
        QVERIFY(station.tells(ScanNews::StopQuestion, 1));
        station.in(2) = false;
        QTRY_VERIFY_WITH_TIMEOUT(station.tile(2).look != TileLook::Whose, kPatience);
        station.runScreen->setClock([asked] { return asked + std::chrono::seconds{31}; });
        station.in(2) = true;
        QTRY_VERIFY_WITH_TIMEOUT(station.tells(ScanNews::WhoseDevice, 2), kPatience);
        station.press(Qt::Key_F7);
        QVERIFY(station.tells(ScanNews::StopQuestion, 1));
    }

    void everyFreeSlotNamesTheSerialInHand()
    {
        Station station(2, stallingDevice, nullptr, "^GX-[0-9]{6}$", enrollment::PairingRule::Insert);
        const auto named = [&](int slot) {
            return station.tile(slot).instruction.contains(QLatin1String("GX-000181"));
        };
        station.scan(QStringLiteral("GX-000181"));
        QVERIFY(named(1) && named(2));
        station.press(Qt::Key_Escape);
        QVERIFY(!named(1) && !named(2));
    }

    /// Nobody said that the device which came is the one whose test was stopped.
    void aStoppedTestIsNotStartedOnAnotherDevice_data()
    {
        QTest::addColumn<int>("slots");
        QTest::newRow("the only slot") << 1;
        QTest::newRow("two slots") << 2;
    }
    void aStoppedTestIsNotStartedOnAnotherDevice()
    {
        QFETCH(const int, slots);
        SensingStation station(slots);
        stopATest(station);
        station.in(1) = false;
        QTRY_VERIFY_WITH_TIMEOUT(station.controller->board().resultLeft({1}), kPatience);
        station.in(1) = true;
        QTRY_VERIFY_WITH_TIMEOUT(station.tile(1).look == TileLook::Whose, kPatience);
        station.press(Qt::Key_F4);
        QVERIFY(!station.runs(1));
        station.scan(QStringLiteral("SLOT 1"));
        station.scan(::enroll::station::Command::Start);
        QVERIFY(!station.runs(1));
        station.scan(QStringLiteral("SLOT 1"));
        station.press(Qt::Key_F4);
        QVERIFY(!station.runs(1));
        Q_EMIT station.runScreen->grid().activated(1); // a click
        QVERIFY(!station.runs(1));
        station.scan(QStringLiteral("SLOT 1"));
        station.scan(QStringLiteral("GX-000182"));
        QVERIFY(station.tells(ScanNews::Ready, 1));
        QCOMPARE(station.tile(1).serial, QStringLiteral("GX-000182"));
    }

    void aStoppedTestIsStartedAgainOnItsDevice()
    {
        SensingStation station(2);
        stopATest(station);
        station.scan(QStringLiteral("SLOT 1"));
        station.press(Qt::Key_F4);
        QVERIFY(station.runs(1));
    }

    /// A slot was chosen for a label that was refused: the key that follows is no answer for the device that is in.
    void aRefusedLabelTakesTheAnswerAway_data()
    {
        QTest::addColumn<int>("slots");
        QTest::addColumn<QString>("by");
        for (const int slots : {1, 2}) {
            for (const auto* by : {"F4", "START", "a click"}) {
                QTest::addRow("%d slots, %s", slots, by) << slots << QString::fromLatin1(by);
            }
        }
    }
    void aRefusedLabelTakesTheAnswerAway()
    {
        QFETCH(const int, slots);
        QFETCH(const QString, by);
        SensingStation station(slots, kSlotThenSerial, {1});
        const auto start = [&] {
            if (by == QLatin1String("a click")) {
                Q_EMIT station.runScreen->grid().activated(1);
            } else {
                by == QLatin1String("F4") ? station.press(Qt::Key_F4) : station.scan(::enroll::station::Command::Start);
            }
        };
        station.bindDoubted();
        station.scan(QStringLiteral("SLOT 1"));
        station.scan(QStringLiteral("GX-000182GX-000183"));
        QVERIFY(station.refuses(ScanCode::TwoCodesAsOne));
        start();
        QVERIFY(!station.runs(1) && station.tells(ScanNews::LeftOut, 1));
        station.scan(QStringLiteral("SLOT 1"));
        start(); // and now it is one
        QVERIFY(station.runs(1));
    }

    /// By each pairing: the serial, then its device, and nothing else; no key is pressed.
    void aTestStartsByItself_data()
    {
        QTest::addColumn<enrollment::PairingRule>("pairing");
        QTest::addColumn<enrollment::StartRule>("start");
        for (const auto& [pairing, rule] : enrollment::kPairingWords) {
            if (rule == enrollment::PairingRule::DeviceSerial) { // its device comes first: tst_run_announced
                continue;
            }
            for (const auto start : {enrollment::StartRule::Scan, enrollment::StartRule::Present}) {
                QTest::addRow("%s, %s", pairing.data(), wordOf(start).data()) << rule << start;
            }
        }
    }
    void aTestStartsByItself()
    {
        QFETCH(const enrollment::PairingRule, pairing);
        QFETCH(const enrollment::StartRule, start);
        SensingStation station(2, {pairing, ::enroll::station::SelfStart{start}});
        const auto& board = station.controller->board();
        QTRY_VERIFY_WITH_TIMEOUT(!board.doubted({1}), kPatience);
        if (pairing == enrollment::PairingRule::SlotThenSerial) {
            station.scan(QStringLiteral("SLOT 1"));
        }
        station.scan(QStringLiteral("GX-000181"));
        const bool insert = pairing == enrollment::PairingRule::Insert;
        QVERIFY(insert ? station.tells(ScanNews::InHand) : station.tells(ScanNews::Ready, 1));
        QVERIFY(insert || board.startOf({1}) != ::enroll::station::StartBy::Key);
        QSignalSpy looked(station.controller.get(),
                          &RunController::slotChanged); // by a look, which began after the scan
        QVERIFY(looked.wait(kPatience) && looked.wait(kPatience));
        station.in(1) = true;
        QTRY_VERIFY_WITH_TIMEOUT(station.runs(1), kPatience);
        QVERIFY(station.tells(ScanNews::Started, 1));
        QCOMPARE(station.tile(1).serial, QStringLiteral("GX-000181"));
    }

    /// By each pairing: what its tile says is what works, and the bar of an only slot says the same. Whether it is the device of
    /// that label, somebody says.
    void aDeviceThatWasPulledOutIsTestedAgainByItsScan_data() { aTestStartsByItself_data(); }
    void aDeviceThatWasPulledOutIsTestedAgainByItsScan()
    {
        QFETCH(const enrollment::PairingRule, pairing);
        QFETCH(const enrollment::StartRule, start);
        for (const int slots : {1, 2}) {
            SensingStation station(slots, {pairing, ::enroll::station::SelfStart{start}}, {}, pulledOutOnce());
            const auto& board = station.controller->board();
            QTRY_VERIFY_WITH_TIMEOUT(!board.doubted({1}), kPatience);
            station.in(1) = true;
            QTRY_VERIFY_WITH_TIMEOUT(board.unnamed({1}), kPatience);
            station.scan(QStringLiteral("SLOT 1"));
            station.scan(QStringLiteral("GX-000181"));
            QTRY_VERIFY_WITH_TIMEOUT(station.tile(1).code == ErrorCode{DeviceCode::DeviceRemoved}, kPatience);
            station.in(1) = false;
            QTRY_VERIFY_WITH_TIMEOUT(board.presence({1}) == ::enroll::station::Presence::Absent, kPatience);
            station.in(1) = true;
            QTRY_VERIFY_WITH_TIMEOUT(board.unnamed({1}), kPatience);
            QVERIFY(station.tile(1).look == TileLook::Stopped);
            QCOMPARE(station.tile(1).serial, QStringLiteral("GX-000181"));
            QCOMPARE(station.tile(1).instruction, instructionText(DeviceCode::DeviceRemoved));
            if (slots == 1 && pairing != enrollment::PairingRule::Insert) {
                QCOMPARE(station.message().next, station.tile(1).instruction);
                station.press(Qt::Key_Escape);
                QCOMPARE(station.message().next, station.tile(1).instruction);
            }
            station.scan(QStringLiteral("GX-000181"));
            QVERIFY(station.tells(ScanNews::Ready, 1) && station.tile(1).asks);
            station.in(1) = false; // it goes on being asked about
            QTRY_VERIFY_WITH_TIMEOUT(!station.tile(1).asks, kPatience);
            QVERIFY(station.tile(1).instruction.contains(QLatin1String("Then F")));
            QVERIFY(station.message().next.contains(QLatin1String("Put its device in")));
            station.in(1) = true;
            QTRY_VERIFY_WITH_TIMEOUT(station.tile(1).asks, kPatience);
            station.scan(QStringLiteral("GX-000181"));
            QVERIFY(station.tells(ScanNews::Ready, 1));
            station.press(Qt::Key_F4); // before anybody can have read it, or for all slots
            QVERIFY(!station.runs(1) && station.tells(ScanNews::LeftOut, 1));
            const auto later = std::chrono::steady_clock::now() + std::chrono::seconds{2};
            station.runScreen->setClock([later] { return later; });
            if (slots > 1) {
                station.choose(1);
            }
            station.press(Qt::Key_F4);
            QVERIFY(station.runs(1));
            QVERIFY(station.tells(ScanNews::Started));
        }
    }

    /// A device is in before its label is scanned: tile and bar ask for the same, and that starts its test.
    void whatAnOnlySlotAsksForStartsItsTest_data()
    {
        QTest::addColumn<enrollment::PairingRule>("pairing");
        QTest::addColumn<enrollment::StartRule>("start");
        for (const auto pairing : {enrollment::PairingRule::NextSlot, enrollment::PairingRule::SlotThenSerial}) {
            for (const auto start : {enrollment::StartRule::Scan, enrollment::StartRule::Present}) {
                QTest::addRow("%s, %s", wordOf(pairing).data(), wordOf(start).data()) << pairing << start;
            }
        }
    }
    void whatAnOnlySlotAsksForStartsItsTest()
    {
        QFETCH(const enrollment::PairingRule, pairing);
        QFETCH(const enrollment::StartRule, start);
        SensingStation station(1, {pairing, ::enroll::station::SelfStart{start}});
        QTRY_VERIFY_WITH_TIMEOUT(!station.controller->board().doubted({1}), kPatience);
        const auto idle = station.message();
        QVERIFY(idle.news == ScanNews::Idle);
        station.in(1) = true;
        QTRY_VERIFY_WITH_TIMEOUT(station.tile(1).look == TileLook::Whose, kPatience);
        const bool byScan = start == enrollment::StartRule::Scan;
        QVERIFY(station.tells(ScanNews::Idle, 1) && station.message() != idle);
        QCOMPARE(station.tile(1).instruction.contains(QLatin1String("F2")), !byScan);
        QCOMPARE(station.message().next.contains(QLatin1String("F2")), !byScan);
        station.in(1) = false;
        QTRY_VERIFY_WITH_TIMEOUT(station.message() == idle, kPatience); // the question goes with the device
        QTRY_VERIFY_WITH_TIMEOUT(!station.controller->board().doubted({1}), kPatience);
        station.in(1) = true;
        QTRY_VERIFY_WITH_TIMEOUT(station.tile(1).look == TileLook::Whose, kPatience);
        if (!byScan) {
            station.press(Qt::Key_F2);
        }
        station.scan(QStringLiteral("GX-000181"));
        QVERIFY(station.runs(1));
        QVERIFY(station.tells(ScanNews::Started, 1));
    }

    /// A serial waits, and the scan of another label loses its end: what comes next may be that other device.
    void aScanWithoutItsEndIsToldToTheSlots()
    {
        SensingStation station(
            2, {enrollment::PairingRule::NextSlot, ::enroll::station::SelfStart{enrollment::StartRule::Present}});
        const auto& board = station.controller->board();
        QTRY_VERIFY_WITH_TIMEOUT(!board.doubted({1}), kPatience);
        station.scan(QStringLiteral("GX-000181"));
        QVERIFY(station.tells(ScanNews::Ready, 1));
        QSignalSpy looked(station.controller.get(), &RunController::slotChanged); // by looks that began after the scan
        QVERIFY(looked.wait(kPatience) && looked.wait(kPatience));
        QTest::keyClicks(station.entry(), QStringLiteral("GX-0001"));
        QTRY_VERIFY_WITH_TIMEOUT(station.refuses(ScanCode::ScanCutOff), kPatience);
        station.in(1) = true;
        QTRY_VERIFY_WITH_TIMEOUT(station.senses(1), kPatience);
        QVERIFY(!station.runs(1));
        QVERIFY(board.startOf({1}) == ::enroll::station::StartBy::Answer);
    }

    /// "scan": the device does not come in time, and the test waits for the key.
    void aDeviceThatIsLateIsSaid()
    {
        SensingStation station(
            2, {enrollment::PairingRule::NextSlot,
                ::enroll::station::SelfStart{enrollment::StartRule::Scan, std::chrono::milliseconds{1}}});
        QSignalSpy alerts(station.runScreen, &RunScreen::alerted);
        station.scan(QStringLiteral("GX-000181"));
        QTRY_VERIFY_WITH_TIMEOUT(station.refuses(ScanCode::NoDeviceInTime), kPatience);
        QCOMPARE(alerts.size(), 1); // who waits looks at the device
        QVERIFY(station.message().headline.contains(QLatin1String("GX-000181")));
        station.in(1) = true;
        QTRY_VERIFY_WITH_TIMEOUT(station.senses(1), kPatience);
        QVERIFY(!station.runs(1));
        QTRY_VERIFY_WITH_TIMEOUT(station.tells(ScanNews::Ready, 1), kPatience); // it is here now, and waits for the key
        station.choose(1);
        station.press(Qt::Key_F4);
        QVERIFY(station.runs(1));
    }

    /// As long as people have: a timer that is rounded to whole seconds would come too early, and say nothing.
    void aDeviceThatIsLateIsSaidWheneverTheScanWas()
    {
        const auto behindSecond = [] {
            return std::chrono::steady_clock::now().time_since_epoch() % std::chrono::seconds{1};
        };
        SensingStation station(2, {enrollment::PairingRule::NextSlot,
                                   ::enroll::station::SelfStart{enrollment::StartRule::Scan, std::chrono::seconds{6}}});
        while (behindSecond() < std::chrono::milliseconds{80} || behindSecond() > std::chrono::milliseconds{100}) {
        }
        station.scan(QStringLiteral("GX-000181"));
        QVERIFY(station.tells(ScanNews::Ready, 1));
        QTRY_VERIFY_WITH_TIMEOUT(station.refuses(ScanCode::NoDeviceInTime), kPatience);
        QVERIFY(station.controller->board().startOf({1}) == ::enroll::station::StartBy::Key);
    }

    /// No test of a device that is not there: it would be a FAIL, or that of another device that is put in just now.
    void anEmptySlotIsNotStartedByTheKeyForAll_data()
    {
        QTest::addColumn<int>("slots");
        QTest::newRow("the only slot") << 1;
        QTest::newRow("two slots") << 2;
    }
    void anEmptySlotIsNotStartedByTheKeyForAll()
    {
        QFETCH(const int, slots);
        for (const auto start : {enrollment::StartRule::Scan, enrollment::StartRule::Present}) {
            SensingStation station(slots, {enrollment::PairingRule::NextSlot, ::enroll::station::SelfStart{start}});
            const auto& board = station.controller->board();
            QTRY_VERIFY_WITH_TIMEOUT(!board.doubted({1}), kPatience);
            station.scan(QStringLiteral("GX-000181"));
            QVERIFY(station.tells(ScanNews::Ready, 1));
            station.press(Qt::Key_F4);
            QVERIFY(station.tells(ScanNews::LeftOut, 1));
            station.scan(::enroll::station::Command::Start);
            QVERIFY(!station.runs(1));
            slots == 1 ? station.press(Qt::Key_F2) : station.choose(1); // somebody put it in just now, and means it
            station.press(Qt::Key_F4);
            QVERIFY(station.runs(1));
        }
    }

    /// Its serial waits where another device was sent away from: what the bar says leads to no test of that one.
    void whatIsPutWhereTheBarSaysIsAskedAbout()
    {
        SensingStation station(
            2, {enrollment::PairingRule::NextSlot, ::enroll::station::SelfStart{enrollment::StartRule::Present}});
        const auto& board = station.controller->board();
        QTRY_VERIFY_WITH_TIMEOUT(!board.doubted({1}) && !board.doubted({2}), kPatience);
        station.scan(QStringLiteral("GX-000181"));
        station.in(2) = true;
        QTRY_VERIFY_WITH_TIMEOUT(station.tells(ScanNews::Misplaced, 2), kPatience);
        station.in(2) = false;
        station.in(1) = true;
        QTRY_VERIFY_WITH_TIMEOUT(station.senses(1), kPatience);
        QVERIFY(!station.runs(1) && station.tile(1).asks);
        station.press(Qt::Key_F4);
        QVERIFY(!station.runs(1));
        station.choose(1);
        station.press(Qt::Key_F4);
        QVERIFY(station.runs(1));
    }

    /// The window closes while a serial waits: its device starts nothing any more.
    void aClosingWindowStartsNothingByItself()
    {
        SensingStation station(2, kSlotThenSerial);
        station.scan(QStringLiteral("SLOT 1"));
        station.scan(QStringLiteral("GX-000181"));
        station.runScreen->stopForGood(Screen::Closing::Asked);
        station.in(1) = true;
        QTRY_VERIFY_WITH_TIMEOUT(station.senses(1), kPatience);
        QVERIFY(!station.runs(1));
    }
};

QTEST_MAIN(RunDevicesTest)
#include "tst_run_devices.moc"
