#include "core/base/scan_code.h"
#include "tests/ui/sensing_station.h"
#include "ui/run/key_messages.h"

using namespace enroll;
using namespace enroll::ui;
using test::kPatience;
using test::SensingStation;
using test::stallingDevice;
using test::Station;
using Command = ::enroll::station::Command;
using enrollment::PairingRule;

namespace {

constexpr auto kSerials = "^GX-[0-9]{6}$";

QString said(const Station& station)
{
    const auto message = station.message();
    return message.headline + QLatin1Char(' ') + message.next;
}

bool says(const Station& station, const char* text)
{
    return said(station).contains(QLatin1String(text));
}

/// By "insert": the test of GX-000181 in slot 1 was stopped, and its device is still in.
void stopATest(SensingStation& station)
{
    station.in(1) = true;
    QTRY_VERIFY_WITH_TIMEOUT(station.tells(ScanNews::WhoseDevice, 1), kPatience);
    station.scan(QStringLiteral("SLOT 1"));
    station.scan(QStringLiteral("GX-000181"));
    station.scan(QStringLiteral("SLOT 1"));
    station.press(Qt::Key_F4);
    QVERIFY(station.runs(1));
    station.controller->stop({1});
    QTRY_VERIFY_WITH_TIMEOUT(station.tile(1).look == TileLook::Stopped, kPatience);
}

} // namespace

/// A key that has nothing to act on, or is refused, says of that key why, and what to do.
class RunKeysTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aStartNamesTheSerialInHand()
    {
        Station station(2, stallingDevice, nullptr, kSerials, PairingRule::Insert);
        for (int way = 0; way < 2; ++way) {
            station.press(Qt::Key_Escape);
            station.scan(QStringLiteral("GX-000181"));
            way == 0 ? station.press(Qt::Key_F4) : station.scan(Command::Start);
            QVERIFY(station.tells(ScanNews::NothingReady));
            QVERIFY2(says(station, "GX-000181") && says(station, "Put its device in"), qPrintable(said(station)));
            QVERIFY2(!says(station, "Scan or type a serial"), qPrintable(said(station)));
        }
    }

    /// It takes the serial in hand; any other one would be refused.
    void aChosenSlotAsksForTheSerialInHand()
    {
        Station station(2, stallingDevice, nullptr, kSerials, PairingRule::Insert);
        station.scan(QStringLiteral("GX-000181"));
        Q_EMIT station.runScreen->grid().activated(2); // a click
        QVERIFY(station.tells(ScanNews::TakesNext, 2));
        QVERIFY2(says(station, "GX-000181") && !says(station, "The next serial"), qPrintable(said(station)));
        station.scan(QStringLiteral("GX-000182"));
        QVERIFY(station.refuses(ScanCode::OtherSerialInHand));
        station.scan(QStringLiteral("GX-000181"));
        QVERIFY(station.tells(ScanNews::Ready, 2));
    }

    void aStartNamesTheDeviceThatIsAskedAbout()
    {
        SensingStation station(2, {}, {1});
        QTRY_VERIFY_WITH_TIMEOUT(station.tells(ScanNews::WhoseDevice, 1), kPatience);
        station.press(Qt::Key_F4);
        QVERIFY2(station.tells(ScanNews::NothingReady, 1) && says(station, "slot 1"), qPrintable(said(station)));
        station.in(1) = false;
        QTRY_VERIFY_WITH_TIMEOUT(station.tells(ScanNews::Idle), kPatience);
    }

    void aStartNamesTheSlotThatWasStopped()
    {
        Station station(2, stallingDevice);
        station.press(Qt::Key_F4);
        QVERIFY2(says(station, "Scan or type a serial"), qPrintable(said(station)));
        station.scan(QStringLiteral("GX-000181"));
        station.press(Qt::Key_F4);
        station.controller->stop({1});
        QTRY_VERIFY_WITH_TIMEOUT(station.tile(1).look == TileLook::Stopped, kPatience);
        station.press(Qt::Key_F4);
        QVERIFY2(station.tells(ScanNews::NothingReady) && says(station, "F2, 1, F4"), qPrintable(said(station)));
    }

    /// The catalog asks for a scan.
    void aStartWithoutAnOrderIsToldOfTheStart()
    {
        Station station(2, stallingDevice, nullptr, kSerials, PairingRule::NextSlot, {}, {}, ThemeChoice::Light,
                        ::enroll::station::SelfStart{enrollment::StartRule::Key}, nullptr, {},
                        ::enroll::station::WorkOrder{::enroll::station::WorkOrder::Need::Required});
        station.scan(QStringLiteral("GX-000181"));
        QVERIFY(station.refuses(ScanCode::OrderMissing) && says(station, "Then scan the label again."));
        station.press(Qt::Key_F4);
        QVERIFY(station.refuses(ScanCode::OrderMissing));
        QVERIFY2(says(station, "start") && !says(station, "label"), qPrintable(said(station)));
    }

    void stopSaysWhichSlotIsSelectedAndWhatRuns()
    {
        Station station(3, stallingDevice);
        station.press(Qt::Key_F7);
        QVERIFY2(station.tells(ScanNews::NothingToStop) && says(station, "No test runs."), qPrintable(said(station)));
        station.choose(2);
        station.press(Qt::Key_F7);
        QVERIFY2(station.tells(ScanNews::NothingToStop, 2) && says(station, "Slot 2 is selected"),
                 qPrintable(said(station)));
        station.press(Qt::Key_Escape);
        station.scan(QStringLiteral("GX-000181"));
        station.press(Qt::Key_F7);
        QVERIFY2(station.tells(ScanNews::NothingToStop) && says(station, "take a serial out"),
                 qPrintable(said(station)));
        station.scan(QStringLiteral("GX-000182"));
        station.press(Qt::Key_F4);
        station.press(Qt::Key_F7);
        QVERIFY2(station.tells(ScanNews::NothingToStop) && says(station, "2 slots are testing"),
                 qPrintable(said(station)));
        station.choose(3);
        station.press(Qt::Key_F7);
        QVERIFY2(station.tells(ScanNews::NothingToStop, 3) && says(station, "another test"), qPrintable(said(station)));
    }

    void stopNamesTheSerialInHand()
    {
        Station station(2, stallingDevice, nullptr, kSerials, PairingRule::Insert);
        station.scan(QStringLiteral("GX-000181"));
        station.press(Qt::Key_F7);
        QVERIFY2(station.tells(ScanNews::NothingToStop) && says(station, "GX-000181") && says(station, "Esc"),
                 qPrintable(said(station)));
    }

    /// As long as it is in; what F8 does then is offered again.
    void doneAsksForTheDeviceAndForItself()
    {
        SensingStation station(2);
        stopATest(station);
        station.choose(1);
        QVERIFY2(!says(station, "The next serial takes its place"), qPrintable(said(station))); // it would be refused
        station.press(Qt::Key_F8);
        QVERIFY(station.refuses(ScanCode::OldDeviceInSlot) && station.message().slot == enrollment::SlotNumber{1});
        QVERIFY2(says(station, "slot 1") && says(station, "F8") && !says(station, "scan"), qPrintable(said(station)));
        station.in(1) = false;
        QTRY_VERIFY_WITH_TIMEOUT(station.tells(ScanNews::Selected, 1), kPatience);
        station.press(Qt::Key_F8);
        QVERIFY(station.tells(ScanNews::Acknowledged, 1));
    }

    /// One that was exchanged between two looks looks the same: it is not said to be the old one.
    void aScanBesideADeviceIsRefusedUntilItIsOut()
    {
        SensingStation station(2);
        stopATest(station);
        station.choose(1);
        station.scan(QStringLiteral("GX-000182"));
        QVERIFY(station.refuses(ScanCode::OldDeviceInSlot) && station.message().slot == enrollment::SlotNumber{1});
        QVERIFY2(says(station, "may still be") && says(station, "scan"), qPrintable(said(station)));
        station.in(1) = false;
        QTRY_VERIFY_WITH_TIMEOUT(station.tells(ScanNews::Selected, 1), kPatience);
        station.scan(QStringLiteral("GX-000182"));
        QVERIFY(station.tells(ScanNews::Ready, 1));
    }

    void doneOfAPassSaysThatItNeedsNone()
    {
        Station station(2);
        station.scan(QStringLiteral("GX-000181"));
        station.press(Qt::Key_F4);
        QTRY_VERIFY_WITH_TIMEOUT(station.tile(1).look == TileLook::Pass, kPatience);
        station.choose(1);
        station.press(Qt::Key_F8);
        QVERIFY2(station.tells(ScanNews::NoResultThere) && says(station, "PASS in slot 1"), qPrintable(said(station)));
        station.choose(2);
        station.press(Qt::Key_F8);
        QVERIFY2(station.tells(ScanNews::NoResultThere) && says(station, "Slot 2"), qPrintable(said(station)));
        station.press(Qt::Key_F8);
        QVERIFY2(station.tells(ScanNews::NoResultThere) && says(station, "F2"), qPrintable(said(station)));
    }

    /// What the journal holds of a test of before is not known yet, and may be a FAIL.
    void doneOfAResultThatIsLookedUpIsToldToWait()
    {
        ::enroll::station::SlotBoard board({{1}, {2}});
        board.apply({1}, ::enroll::station::TestKept{{enrollment::SerialNumber{"GX-000181"}, utcNow()}});
        QVERIFY(!*board.acknowledge({1}));
        const auto message = nothingToAcknowledgeMessage(enrollment::SlotNumber{1}, board);
        QVERIFY(message.headline.contains(QLatin1String("looked up")) && message.next.contains(QLatin1String("Wait")));
    }

    /// The technician reads which device is meant: another one may have taken its place unseen.
    void aPassNamesTheDeviceThatIsToBeRemoved()
    {
        Station station(1);
        station.scan(QStringLiteral("GX-000181"));
        station.press(Qt::Key_F4);
        QTRY_VERIFY_WITH_TIMEOUT(station.tile(1).look == TileLook::Pass, kPatience);
        QVERIFY2(station.tile(1).instruction.contains(QLatin1String("GX-000181")),
                 qPrintable(station.tile(1).instruction));
    }
};

QTEST_MAIN(RunKeysTest)
#include "tst_run_keys.moc"
