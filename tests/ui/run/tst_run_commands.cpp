#include "core/base/scan_code.h"
#include "core/base/station_code.h"
#include "tests/ui/sensing_station.h"

using namespace enroll;
using namespace enroll::ui;
using test::kPatience;
using test::stallingDevice;
using test::Station;
using Command = ::enroll::station::Command;

// Both hands at the fixture: labels of slots and the command card do what the keys do.

class RunCommandsTest : public QObject {
    Q_OBJECT

    static bool runs(const Station& station, int slot) { return station.tile(slot).look == TileLook::Running; }

    static void waitFor(const Station& station, int slot, TileLook look)
    {
        QTRY_VERIFY_WITH_TIMEOUT(station.tile(slot).look == look, kPatience);
    }

    /// Devices in all slots, and none of them can be saved.
    static void failAll(Station& station)
    {
        station.journal.failCommit(makeError(StationCode::JournalCannotSave, "disk full"));
        station.fillAll();
        station.scan(Command::StartAll);
        for (const auto slot : station.controller->board().slots()) {
            waitFor(station, slot.value, TileLook::Station);
        }
    }

private Q_SLOTS:
    void startAllStartsWhatIsReady()
    {
        Station station(4, stallingDevice);
        station.scan(Command::StartAll);
        QVERIFY(station.tells(ScanNews::NothingReady));
        QVERIFY(station.entry()->text().isEmpty()); // it means nothing to a reader
        station.scan(QStringLiteral("GX-000181"));
        station.scan(QStringLiteral("GX-000182"));
        station.scan(Command::StartAll);
        QVERIFY(station.tells(ScanNews::Started));
        QVERIFY(runs(station, 1) && runs(station, 2));
        QVERIFY(!runs(station, 3));
    }

    void startStartsTheSlotWhoseLabelWasScanned()
    {
        Station station(4, stallingDevice);
        station.scan(QStringLiteral("GX-000181"));
        station.scan(QStringLiteral("GX-000182"));
        station.scan(QStringLiteral("SLOT 1"));
        station.scan(Command::Undo);
        station.scan(Command::Start);
        QVERIFY(station.tells(ScanNews::NothingReady)); // which of the two was not said
        QVERIFY(!runs(station, 1) && !runs(station, 2));
        station.scan(QStringLiteral("SLOT 2"));
        station.scan(Command::Start);
        QVERIFY(runs(station, 2));
        QVERIFY(!runs(station, 1));
        station.scan(Command::Start); // the choice was used up
        QVERIFY(!runs(station, 1));
    }

    /// Label, serial, START: the serial took the choice, and the bar still names the slot.
    void startStartsTheSlotThatWasJustBound()
    {
        Station station(4, stallingDevice, nullptr, "^GX-[0-9]{6}$", enrollment::PairingRule::SlotThenSerial);
        for (const int slot : {3, 2}) {
            station.scan(QStringLiteral("SLOT %1").arg(slot));
            station.scan(QStringLiteral("GX-00018%1").arg(slot));
            station.scan(Command::Start);
            QVERIFY(runs(station, slot));
        }
        station.scan(Command::Start);
        QVERIFY(!runs(station, 1) && !runs(station, 4));
    }

    /// The bar asks whether the device that is in is that of the label, and START is no answer; the label of the slot is.
    void startLeavesADeviceThatIsAskedAbout()
    {
        for (const auto start : {enrollment::StartRule::Present, enrollment::StartRule::Scan}) {
            test::SensingStation station(
                2, {enrollment::PairingRule::SlotThenSerial, ::enroll::station::SelfStart{start}}, {1});
            station.bindDoubted();
            station.scan(Command::Start);
            QVERIFY(!runs(station, 1));
            QVERIFY(station.tells(ScanNews::LeftOut, 1));
            station.scan(Command::Start); // read twice
            QVERIFY(!runs(station, 1));
            station.scan(QStringLiteral("SLOT 1"));
            station.scan(Command::Start);
            QVERIFY(runs(station, 1));
        }
    }

    void startThatIsReadTwiceStartsOnce()
    {
        Station station(4, stallingDevice);
        for (const int slot : {1, 2}) {
            station.scan(QStringLiteral("GX-00018%1").arg(slot));
        }
        station.scan(QStringLiteral("SLOT 2"));
        station.scan(Command::Start);
        QVERIFY(station.tells(ScanNews::Started, 2));
        station.scan(Command::Start);
        QVERIFY(station.tells(ScanNews::Started, 2)); // it runs, and nothing else was asked
        QVERIFY(!runs(station, 1));
        station.press(Qt::Key_F3);
        station.scan(Command::Start);
        QVERIFY(station.tells(ScanNews::NothingReady));
        station.scan(Command::StartAll);
        QVERIFY(station.tells(ScanNews::Started) && runs(station, 1));
        station.scan(Command::StartAll);
        QVERIFY(station.tells(ScanNews::Started));
    }

    /// A choice would let the next serial wipe its result away.
    void startThatIsReadTwiceChoosesNothing()
    {
        Station single(1, stallingDevice);
        single.scan(QStringLiteral("GX-000181"));
        single.scan(Command::Start);
        single.scan(Command::Start);
        QVERIFY(single.tells(ScanNews::Started, 1));
        Station failing(2);
        failing.journal.failCommit(makeError(StationCode::JournalCannotSave, "disk full"));
        failing.scan(QStringLiteral("GX-000181"));
        failing.scan(QStringLiteral("SLOT 1"));
        failing.scan(Command::Start);
        waitFor(failing, 1, TileLook::Station);
        failing.scan(Command::Start); // it is over, and the bar still says that it was started
        QVERIFY(failing.tells(ScanNews::Started, 1));
        QVERIFY(!failing.tile(1).next);
    }

    void theOnlySlotNeedsNoLabel()
    {
        Station station(1, stallingDevice);
        station.scan(QStringLiteral("GX-000181"));
        station.scan(Command::Start);
        QVERIFY(runs(station, 1));
    }

    void stopAsksAndTheSecondScanStops()
    {
        Station station(2, stallingDevice);
        station.scan(QStringLiteral("GX-000181"));
        station.scan(Command::StartAll);
        station.scan(Command::Stop);
        QVERIFY(station.tells(ScanNews::StopQuestion, 1));
        station.scan(QStringLiteral("GX-000182")); // anything else lets it run
        station.scan(Command::Stop);
        QVERIFY(station.tells(ScanNews::StopQuestion, 1));
        station.scan(Command::Undo);
        station.scan(Command::Stop);
        QVERIFY(station.tells(ScanNews::StopQuestion, 1));
        station.readQuestion();
        station.scan(Command::Stop);
        QVERIFY(station.tells(ScanNews::Stopping, 1));
        waitFor(station, 1, TileLook::Stopped);
    }

    void stopTakesAWaitingSerialOut()
    {
        Station station(4);
        station.scan(QStringLiteral("GX-000181"));
        station.scan(QStringLiteral("SLOT 1"));
        station.scan(Command::Stop);
        QVERIFY(station.tells(ScanNews::TakenBack, 1));
        QVERIFY(station.tile(1).serialRole == SerialRole::Placeholder);
    }

    void doneClearsTheResultOfTheChosenSlot()
    {
        Station station(2);
        failAll(station);
        station.scan(Command::Acknowledge); // two wait, and which was not said
        QVERIFY(station.tells(ScanNews::NoResultThere));
        QVERIFY(station.tile(1).look == TileLook::Station && station.tile(2).look == TileLook::Station);
        station.scan(QStringLiteral("SLOT 2"));
        station.scan(Command::Acknowledge);
        QVERIFY(station.tells(ScanNews::Acknowledged, 2));
        QVERIFY(station.tile(1).look == TileLook::Station && station.tile(2).look == TileLook::Ready);
        QVERIFY(station.tile(2).next);
        station.scan(Command::Acknowledge); // read twice: the other result was not meant
        QVERIFY(station.tells(ScanNews::NoResultThere));
        QVERIFY(station.tile(1).look == TileLook::Station);
    }

    void f8DoesWhatDoneDoes()
    {
        Station station(2);
        failAll(station);
        station.choose(1);
        station.press(Qt::Key_F8);
        QVERIFY(station.tells(ScanNews::Acknowledged, 1));
        station.press(Qt::Key_F8);
        QVERIFY(station.tile(2).look == TileLook::Station);
    }

    void aPassIsNotClearedOutOfItsTurn()
    {
        Station station(2);
        station.scan(QStringLiteral("GX-000181"));
        station.scan(Command::StartAll);
        waitFor(station, 1, TileLook::Pass);
        station.scan(Command::Acknowledge);
        QVERIFY(station.tells(ScanNews::NoResultThere));
        station.scan(QStringLiteral("SLOT 1"));
        station.scan(Command::Acknowledge);
        QVERIFY(station.tells(ScanNews::NoResultThere));
        QVERIFY(station.tile(1).look == TileLook::Pass);
    }

    void undoTakesTheChoiceBack()
    {
        Station station(4);
        station.scan(QStringLiteral("SLOT 3"));
        QVERIFY(station.tile(3).next);
        station.scan(Command::Undo);
        QVERIFY(!station.tile(3).next);
        QVERIFY(station.tells(ScanNews::Idle));
    }

    void anotherStationsCardDoesNothing()
    {
        Station station(2, stallingDevice);
        station.scan(QStringLiteral("GX-000181"));
        const auto other = test::must(::enroll::station::CommandCodes::of(enrollment::StationId{"ST-08"}));
        station.scan(QString::fromStdString(other.textOf(Command::StartAll)));
        QVERIFY(station.refuses(ScanCode::OtherStationsCard));
        QVERIFY(!runs(station, 1));
    }

    void aCommandIsTakenWhereverTheFocusIs()
    {
        Station station(2, stallingDevice);
        station.scan(QStringLiteral("GX-000181"));
        station.runScreen->grid().tile({2})->setFocus(Qt::TabFocusReason);
        station.scan(Command::StartAll);
        QVERIFY(runs(station, 1));
    }

    void aStoppedStationStartsNothing()
    {
        Station station(2, stallingDevice);
        station.scan(QStringLiteral("GX-000181"));
        station.controller->stopTesting(makeError(StationCode::JournalCannotSave, "disk full"));
        for (const auto command : {Command::StartAll, Command::Start}) {
            station.scan(QStringLiteral("SLOT 1"));
            station.scan(command);
            QVERIFY(!runs(station, 1));
            QVERIFY(station.refuses(StationCode::JournalCannotSave));
        }
    }

    /// The result of a device that was reached: nobody looks at the slots, so nobody waits for it to be taken out.
    void aFailIsClearedWhileItsDeviceMayBeIn()
    {
        Station station(2);
        failAll(station);
        const auto& run = std::get<::enroll::station::SlotFinished>(station.controller->board().state({1})).run;
        QVERIFY(run.tpm.has_value());
        station.scan(QStringLiteral("SLOT 1"));
        station.press(Qt::Key_F8);
        QVERIFY(station.tells(ScanNews::Acknowledged, 1));
    }

    /// The scan ended by silence after the window began to close.
    void aClosingWindowStartsNothing()
    {
        const enrollment::ScannerSettings silent{.prefix = {}, .end = enrollment::ScanEnd::Silence};
        Station station(1, stallingDevice, nullptr, "^GX-[0-9]{6}$", enrollment::PairingRule::NextSlot, {}, silent);
        station.scan(QStringLiteral("GX-000181"));
        station.runScreen->stopForGood(Screen::Closing::Asked);
        Q_EMIT station.runScreen->scanBar().serialEntered(
            QString::fromStdString(station.commands.textOf(Command::StartAll)), {});
        QVERIFY(!runs(station, 1));
        QVERIFY(station.tells(ScanNews::Closing));
    }

    void aCodeOfSixtyFiveCharactersIsRefusedWhole()
    {
        Station station(2, {}, nullptr, "^[0-9]+$");
        station.type(QString(65, QLatin1Char('7')));
        QVERIFY(station.refuses(ScanCode::NotASerialNumber));
        QVERIFY(station.tile(1).serialRole == SerialRole::Placeholder);
        station.type(QString(64, QLatin1Char('7')));
        QCOMPARE(station.tile(1).serial, QString(64, QLatin1Char('7')));
    }
};

QTEST_MAIN(RunCommandsTest)
#include "tst_run_commands.moc"
