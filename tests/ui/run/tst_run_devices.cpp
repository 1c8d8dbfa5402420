#include "core/base/scan_code.h"
#include "tests/ui/station_window.h"

#include <QSignalSpy>

#include <atomic>

using namespace enroll;
using namespace enroll::ui;
using test::kPatience;
using test::stallingDevice;
using test::Station;

namespace {

using Inside = std::array<std::atomic<bool>, 3>; ///< a device is in the slot

::enroll::station::PresenceProbe probeOf(const Inside& inside)
{
    return [&inside](enrollment::SlotNumber slot, const std::stop_token&) -> std::optional<bool> {
        return inside.at(static_cast<std::size_t>(slot.value)).load();
    };
}

} // namespace

/// The Run screen by the rule "insert", where each slot senses whether a device is in.
class RunDevicesTest : public QObject {
    Q_OBJECT

    /// A station where a serial is bound to the device in slot 1, and its test was stopped.
    static void stopATest(Station& station, Inside& inside)
    {
        inside[1] = true;
        QTRY_VERIFY_WITH_TIMEOUT(station.tells(ScanNews::WhoseDevice, 1), kPatience);
        station.scan(QStringLiteral("SLOT 1"));
        station.scan(QStringLiteral("GX-000181"));
        QVERIFY(station.tells(ScanNews::Ready, 1));
        station.scan(QStringLiteral("SLOT 1")); // it was in when the station started: this one is meant
        station.press(Qt::Key_F4);
        station.press(Qt::Key_F7);
        station.press(Qt::Key_F7);
        QTRY_VERIFY_WITH_TIMEOUT(station.tile(1).look == TileLook::Stopped, kPatience);
    }

    static bool runs(const Station& station)
    {
        return std::holds_alternative<::enroll::station::SlotRunning>(station.controller->board().state({1}));
    }

private Q_SLOTS:
    void aSerialInHandGoesWhereADeviceAppears()
    {
        Inside inside{};
        Station station(2, stallingDevice, nullptr, "^GX-[0-9]{6}$", enrollment::PairingRule::Insert, probeOf(inside));
        const auto& board = station.controller->board();
        QTRY_VERIFY_WITH_TIMEOUT(!board.doubted({2}), kPatience);
        QVERIFY(!station.tile(1).next && !station.tile(2).next); // nothing is marked
        inside[1] = true;                                        // before any scan
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
        inside[2] = true;
        QTRY_VERIFY_WITH_TIMEOUT(station.tells(ScanNews::Ready, 2), kPatience);
        inside[2] = false;
        QTRY_VERIFY_WITH_TIMEOUT(station.tells(ScanNews::LostSlot, 2), kPatience);
        QVERIFY(!board.inHand()); // the next device may be another one
        inside[2] = true;
        QTRY_VERIFY_WITH_TIMEOUT(station.tells(ScanNews::WhoseDevice, 2), kPatience);
        station.scan(QStringLiteral("GX-000182")); // of this device, or of one that comes: the bar names the slot
        QVERIFY(station.tells(ScanNews::InHand, 2));
        QVERIFY(station.tile(2).look == TileLook::Whose);
        station.choose(2);
        station.scan(QStringLiteral("GX-000182"));
        QVERIFY(station.tells(ScanNews::Ready, 2));
    }

    void newsEndTheQuestionWhetherToStop()
    {
        Inside inside{};
        inside[1] = true;
        Station station(2, stallingDevice, nullptr, "^GX-[0-9]{6}$", enrollment::PairingRule::Insert, probeOf(inside));
        QTRY_VERIFY_WITH_TIMEOUT(station.tells(ScanNews::WhoseDevice, 1), kPatience);
        station.choose(1);
        station.scan(QStringLiteral("GX-000181"));
        station.press(Qt::Key_F4); // nobody looked at it
        QVERIFY(!runs(station) && station.tells(ScanNews::LeftOut, 1));
        station.choose(1);
        station.press(Qt::Key_F4);
        QVERIFY(runs(station));
        station.press(Qt::Key_F7);
        QVERIFY(station.tells(ScanNews::StopQuestion, 1));
        inside[2] = true;
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
        Inside inside{};
        Station station(slots, stallingDevice, nullptr, "^GX-[0-9]{6}$", enrollment::PairingRule::Insert,
                        probeOf(inside));
        stopATest(station, inside);
        inside[1] = false;
        QTRY_VERIFY_WITH_TIMEOUT(station.controller->board().resultLeft({1}), kPatience);
        inside[1] = true;
        QTRY_VERIFY_WITH_TIMEOUT(station.tile(1).look == TileLook::Whose, kPatience);
        station.press(Qt::Key_F4);
        QVERIFY(!runs(station));
        station.scan(QStringLiteral("SLOT 1"));
        station.scan(::enroll::station::Command::Start);
        QVERIFY(!runs(station));
        station.scan(QStringLiteral("SLOT 1"));
        station.press(Qt::Key_F4);
        QVERIFY(!runs(station));
        Q_EMIT station.runScreen->grid().activated(1); // a click
        QVERIFY(!runs(station));
        station.scan(QStringLiteral("SLOT 1"));
        station.scan(QStringLiteral("GX-000182"));
        QVERIFY(station.tells(ScanNews::Ready, 1));
        QCOMPARE(station.tile(1).serial, QStringLiteral("GX-000182"));
    }

    void aStoppedTestIsStartedAgainOnItsDevice()
    {
        Inside inside{};
        Station station(2, stallingDevice, nullptr, "^GX-[0-9]{6}$", enrollment::PairingRule::Insert, probeOf(inside));
        stopATest(station, inside);
        station.scan(QStringLiteral("SLOT 1"));
        station.press(Qt::Key_F4);
        QVERIFY(runs(station));
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
        Inside inside{};
        inside[1] = true;
        Station station(slots, stallingDevice, nullptr, "^GX-[0-9]{6}$", enrollment::PairingRule::SlotThenSerial,
                        probeOf(inside), {}, ui::ThemeChoice::Light,
                        ::enroll::station::SelfStart{enrollment::StartRule::Present});
        const auto start = [&] {
            if (by == QLatin1String("a click")) {
                Q_EMIT station.runScreen->grid().activated(1);
            } else {
                by == QLatin1String("F4") ? station.press(Qt::Key_F4) : station.scan(::enroll::station::Command::Start);
            }
        };
        const auto& board = station.controller->board();
        QTRY_VERIFY_WITH_TIMEOUT(board.presence({1}) == ::enroll::station::Presence::Present, kPatience);
        station.scan(QStringLiteral("SLOT 1"));
        station.scan(QStringLiteral("GX-000181"));
        QVERIFY(station.tells(ScanNews::Ready, 1));
        QVERIFY(board.startOf({1}) == ::enroll::station::StartBy::Answer);
        station.scan(QStringLiteral("SLOT 1"));
        station.scan(QStringLiteral("GX-000182GX-000183"));
        QVERIFY(station.refuses(ScanCode::TwoCodesAsOne));
        start();
        QVERIFY(!runs(station) && station.tells(ScanNews::LeftOut, 1));
        station.scan(QStringLiteral("SLOT 1"));
        start(); // and now it is one
        QVERIFY(runs(station));
    }

    /// By each pairing: the serial, then its device, and nothing else; no key is pressed.
    void aTestStartsByItself_data()
    {
        QTest::addColumn<enrollment::PairingRule>("pairing");
        QTest::addColumn<enrollment::StartRule>("start");
        for (const auto& [pairing, rule] : enrollment::kPairingWords) {
            for (const auto start : {enrollment::StartRule::Scan, enrollment::StartRule::Present}) {
                QTest::addRow("%s, %s", pairing.data(), wordOf(start).data()) << rule << start;
            }
        }
    }
    void aTestStartsByItself()
    {
        QFETCH(const enrollment::PairingRule, pairing);
        QFETCH(const enrollment::StartRule, start);
        Inside inside{};
        Station station(2, stallingDevice, nullptr, "^GX-[0-9]{6}$", pairing, probeOf(inside), {},
                        ui::ThemeChoice::Light, ::enroll::station::SelfStart{start});
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
        inside[1] = true;
        QTRY_VERIFY_WITH_TIMEOUT(runs(station), kPatience);
        QVERIFY(station.tells(ScanNews::Started, 1));
        QCOMPARE(station.tile(1).serial, QStringLiteral("GX-000181"));
    }

    /// A serial waits, and the scan of another label loses its end: what comes next may be that other device.
    void aScanWithoutItsEndIsToldToTheSlots()
    {
        Inside inside{};
        Station station(2, stallingDevice, nullptr, "^GX-[0-9]{6}$", enrollment::PairingRule::NextSlot, probeOf(inside),
                        {}, ui::ThemeChoice::Light, ::enroll::station::SelfStart{enrollment::StartRule::Present});
        const auto& board = station.controller->board();
        QTRY_VERIFY_WITH_TIMEOUT(!board.doubted({1}), kPatience);
        station.scan(QStringLiteral("GX-000181"));
        QVERIFY(station.tells(ScanNews::Ready, 1));
        QSignalSpy looked(station.controller.get(), &RunController::slotChanged); // by looks that began after the scan
        QVERIFY(looked.wait(kPatience) && looked.wait(kPatience));
        QTest::keyClicks(station.entry(), QStringLiteral("GX-0001"));
        QTRY_VERIFY_WITH_TIMEOUT(station.refuses(ScanCode::ScanCutOff), kPatience);
        inside[1] = true;
        QTRY_VERIFY_WITH_TIMEOUT(board.presence({1}) == ::enroll::station::Presence::Present, kPatience);
        QVERIFY(!runs(station));
        QVERIFY(board.startOf({1}) == ::enroll::station::StartBy::Answer);
    }

    /// "scan": the device does not come in time, and the test waits for the key.
    void aDeviceThatIsLateIsSaid()
    {
        Inside inside{};
        Station station(2, stallingDevice, nullptr, "^GX-[0-9]{6}$", enrollment::PairingRule::NextSlot, probeOf(inside),
                        {}, ui::ThemeChoice::Light,
                        ::enroll::station::SelfStart{enrollment::StartRule::Scan, std::chrono::milliseconds{1}});
        station.scan(QStringLiteral("GX-000181"));
        QTRY_VERIFY_WITH_TIMEOUT(station.refuses(ScanCode::NoDeviceInTime), kPatience);
        QVERIFY(station.message().headline.contains(QLatin1String("GX-000181")));
        inside[1] = true;
        const auto isIn = [&] {
            return station.controller->board().presence({1}) == ::enroll::station::Presence::Present;
        };
        QTRY_VERIFY_WITH_TIMEOUT(isIn(), kPatience);
        QVERIFY(!runs(station));
        station.choose(1);
        station.press(Qt::Key_F4);
        QVERIFY(runs(station));
    }

    /// The window closes while a serial waits: its device starts nothing any more.
    void aClosingWindowStartsNothingByItself()
    {
        Inside inside{};
        Station station(2, stallingDevice, nullptr, "^GX-[0-9]{6}$", enrollment::PairingRule::SlotThenSerial,
                        probeOf(inside), {}, ui::ThemeChoice::Light,
                        ::enroll::station::SelfStart{enrollment::StartRule::Present});
        station.scan(QStringLiteral("SLOT 1"));
        station.scan(QStringLiteral("GX-000181"));
        station.runScreen->stopForGood(Screen::Closing::Asked);
        inside[1] = true;
        const auto isIn = [&] {
            return station.controller->board().presence({1}) == ::enroll::station::Presence::Present;
        };
        QTRY_VERIFY_WITH_TIMEOUT(isIn(), kPatience);
        QVERIFY(!runs(station));
    }
};

QTEST_MAIN(RunDevicesTest)
#include "tst_run_devices.moc"
