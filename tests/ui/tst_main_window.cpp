#include "tests/support/ek_authority.h"
#include "tests/support/fake_device_tpm.h"
#include "tests/support/gated_journal.h"
#include "tests/support/stalling_tpm.h"
#include "tests/support/worked_challenge.h"
#include "ui/main_window/main_window.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTest>

using namespace enroll;
using namespace enroll::ui;

namespace {

constexpr int kPatience = 20'000;

const test::DeviceKeys& keys()
{
    static const auto value = test::WorkedChallenge{}.keys();
    return value;
}

using Device = std::unique_ptr<attestation::DeviceTpm>;

Result<Device> stallingDevice(const enrollment::EnrollmentOrder&, std::stop_token stop)
{
    return Device{std::make_unique<test::StallingTpm>(std::move(stop))};
}

/// A window with its slots, every port in memory.
struct Station {
    explicit Station(int slots, station::DeviceTpmFactory device = {}, std::shared_ptr<std::latch> closedGate = nullptr,
                     std::string serialPattern = "^GX-[0-9]{6}$")
        : gate(std::move(closedGate)), journal(gate)
    {
        RunSetup setup;
        for (int slot = 1; slot <= slots; ++slot) {
            setup.devices.emplace(enrollment::SlotNumber{slot}, "tcp://127.0.0.1:2321");
        }
        setup.order.profile.serialPattern = std::move(serialPattern);
        setup.order.anchors = authority.anchors();
        setup.journal = journal.factory();
        setup.tpm = device ? device : genuine();
        controller = std::make_unique<RunController>(std::move(setup));
        window = std::make_unique<MainWindow>(*controller, theme, StationIdentity{QStringLiteral("ST-07"), {}, {}});
        window->resize(1280, 800);
        window->show();
        // Keys reach an active window only.
        window->activateWindow();
        [this] { QTRY_VERIFY_WITH_TIMEOUT(window->isActiveWindow(), kPatience); }();
    }

    /// A test that fails early leaves no slot waiting for the journal.
    ~Station() { openGate(); }
    Station(const Station&) = delete;
    Station& operator=(const Station&) = delete;

    void openGate()
    {
        if (const auto closed = std::exchange(gate, nullptr)) {
            closed->count_down();
        }
    }

    station::DeviceTpmFactory genuine()
    {
        return [this](const enrollment::EnrollmentOrder&, const std::stop_token&) -> Result<Device> {
            auto tpm = std::make_unique<test::FakeDeviceTpm>(keys());
            tpm->setCertificateNv(authority.issue(keys().endorsementKey.pem));
            return Device{std::move(tpm)};
        };
    }

    [[nodiscard]] QLineEdit* entry() const
    {
        return window->findChild<QLineEdit*>(QStringLiteral("serialEntry"));
    }
    void type(const QString& serial)
    {
        entry()->selectAll();
        QTest::keyClicks(entry(), serial);
        QTest::keyClick(entry(), Qt::Key_Return);
    }
    /// F2 and the slot's number.
    void choose(int slot)
    {
        press(Qt::Key_F2);
        QTest::keyClicks(QApplication::focusWidget(), QString::number(slot));
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Return);
    }
    /// A scanner: its keys go wherever the focus is.
    void scan(const QString& code)
    {
        for (const auto character : code) {
            QTest::keyClick(QApplication::focusWidget(), character.toLatin1());
        }
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Return);
    }
    void press(int key) { QTest::keyClick(window.get(), static_cast<Qt::Key>(key)); }
    void fillAll()
    {
        for (const auto slot : controller->board().slots()) {
            type(QStringLiteral("GX-%1").arg(slot.value, 6, 10, QLatin1Char('0')));
        }
    }
    [[nodiscard]] const TileContent& tile(int slot) const { return window->runScreen().grid().tile({slot})->content(); }
    [[nodiscard]] ScanMessage message() const { return window->runScreen().scanBar().message(); }

    test::EkAuthority authority;
    std::shared_ptr<std::latch> gate;
    test::GatedJournal journal;
    Theme theme{ThemeChoice::Light, {}};
    std::unique_ptr<RunController> controller;
    std::unique_ptr<MainWindow> window;
};

} // namespace

class MainWindowTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aTypedSerialGoesToTheNextFreeSlot()
    {
        Station station(4);
        station.type(QStringLiteral("GX-000183"));
        QCOMPARE(station.tile(1).serial, QStringLiteral("GX-000183"));
        QCOMPARE(station.message().headline, QStringLiteral("Slot 1 is ready for GX-000183."));
        station.type(QStringLiteral("GX-000184"));
        QCOMPARE(station.tile(2).serial, QStringLiteral("GX-000184"));
    }

    void refusesWhatIsNoSerialNumber()
    {
        Station station(4);
        station.type(QStringLiteral("4006381333931"));
        QCOMPARE(station.message().headline, QStringLiteral("This barcode is not a serial number."));
        QVERIFY(station.message().next.startsWith(QLatin1String("B-601")));
        QVERIFY(station.tile(1).look == TileLook::Ready);
        QVERIFY(station.tile(1).serialRole == SerialRole::Placeholder);
    }

    void theSameCodeTwiceChangesNothing()
    {
        Station station(4);
        station.type(QStringLiteral("GX-000183"));
        station.type(QStringLiteral("GX-000183"));
        QCOMPARE(station.message().headline, QStringLiteral("Slot 1 is ready for GX-000183."));
        QVERIFY(station.tile(2).serialRole == SerialRole::Placeholder);
        QTest::keyClick(station.entry(), Qt::Key_Return); // a scanner with two line ends
        QCOMPARE(station.message().headline, QStringLiteral("Slot 1 is ready for GX-000183."));
        QVERIFY(station.tile(1).look == TileLook::Ready);
    }

    void namesTheSlotWhereASerialIs()
    {
        Station station(4);
        station.type(QStringLiteral("GX-000183"));
        station.choose(3);
        station.type(QStringLiteral("GX-000183"));
        QCOMPARE(station.message().headline, QStringLiteral("GX-000183 is already in slot 1."));
        QVERIFY(station.message().next.startsWith(QLatin1String("B-602")));
    }

    void refusesALabelOfSixtyFiveCharactersWhole()
    {
        Station station(2, {}, nullptr, "^[0-9]+$");
        station.type(QString(65, QLatin1Char('7')));
        QCOMPARE(station.message().headline, QStringLiteral("This barcode is not a serial number."));
        QVERIFY(station.tile(1).serialRole == SerialRole::Placeholder);
        station.type(QString(64, QLatin1Char('7')));
        QCOMPARE(station.tile(1).serial, QString(64, QLatin1Char('7')));
    }

    void tabChoosesNoSlot()
    {
        Station station(4);
        station.type(QStringLiteral("GX-000183"));
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
        QVERIFY(station.window->runScreen().grid().tile({1})->hasFocus());
        station.scan(QStringLiteral("GX-000184"));
        QCOMPARE(station.tile(1).serial, QStringLiteral("GX-000183"));
        QCOMPARE(station.tile(2).serial, QStringLiteral("GX-000184"));
    }

    void tabForgetsTheChosenSlot()
    {
        Station station(4);
        station.choose(3);
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
        QCOMPARE(station.message().headline, QStringLiteral("Scan or type a serial."));
        station.scan(QStringLiteral("GX-000184"));
        QCOMPARE(station.tile(1).serial, QStringLiteral("GX-000184"));
    }

    void enterOnATileChoosesItAndStartsNothing()
    {
        Station station(4, stallingDevice);
        station.type(QStringLiteral("GX-000183"));
        QTest::keyClick(station.window->runScreen().grid().tile({1}), Qt::Key_Return);
        QVERIFY(station.tile(1).look == TileLook::Ready);
        QCOMPARE(station.message().next,
                 QStringLiteral("F4 starts its test. The next serial takes the place of GX-000183."));
    }

    void aSerialThatGivesWayIsNamed()
    {
        Station station(4);
        station.type(QStringLiteral("GX-000183"));
        station.choose(1);
        station.scan(QStringLiteral("GX-000184"));
        QCOMPARE(station.tile(1).serial, QStringLiteral("GX-000184"));
        QVERIFY(station.message().next.startsWith(QLatin1String("GX-000183 gave way and has no slot now.")));
    }

    void theChosenSlotTakesTheNextSerial()
    {
        Station station(8);
        station.window->runScreen().chooseSlot();
        QTest::keyClick(&station.window->runScreen(), Qt::Key_5);
        QTRY_COMPARE_WITH_TIMEOUT(station.message().headline, QStringLiteral("Slot 5 is selected."), kPatience);
        station.type(QStringLiteral("GX-000183"));
        QCOMPARE(station.tile(5).serial, QStringLiteral("GX-000183"));
    }

    void aScanAfterF2KeepsItsFirstDigit()
    {
        Station station(8);
        station.window->runScreen().chooseSlot();
        station.scan(QStringLiteral("4006381333931"));
        QCOMPARE(station.entry()->text(), QStringLiteral("4006381333931"));
        QCOMPARE(station.message().headline, QStringLiteral("This barcode is not a serial number."));
    }

    void aScanIsTakenWhereverTheFocusIs()
    {
        Station station(4);
        auto* tile = station.window->runScreen().grid().tile({2});
        QTest::keyClicks(tile, QStringLiteral("G"));
        QCOMPARE(station.window->findChild<QLineEdit*>(QStringLiteral("serialEntry"))->text(), QStringLiteral("G"));
    }

    void runsToAPass()
    {
        Station station(2);
        station.type(QStringLiteral("GX-000183"));
        station.press(Qt::Key_F4);
        QTRY_COMPARE_WITH_TIMEOUT(station.tile(1).word, QStringLiteral("PASS"), kPatience);
        QCOMPARE(station.journal.runs(), std::size_t{1});
        QVERIFY(station.tile(2).look == TileLook::Ready);
    }

    void showsPassOnlyAfterTheCommitReturned()
    {
        Station station(2, {}, std::make_shared<std::latch>(1));
        station.type(QStringLiteral("GX-000183"));
        station.press(Qt::Key_F4);
        QTRY_COMPARE_WITH_TIMEOUT(station.tile(1).word, QStringLiteral("STEP 7/7"), kPatience);
        QCoreApplication::processEvents();
        QVERIFY(station.tile(1).look == TileLook::Running);
        station.openGate();
        QTRY_VERIFY_WITH_TIMEOUT(station.tile(1).look == TileLook::Pass, kPatience);
    }

    void aJournalThatCannotSaveIsAStationFault()
    {
        Station station(2);
        station.journal.failCommit(makeError(ErrorCode::JournalCannotSave, "disk full"));
        station.type(QStringLiteral("GX-000183"));
        station.press(Qt::Key_F4);
        QTRY_VERIFY_WITH_TIMEOUT(station.tile(1).look == TileLook::Station, kPatience);
        QCOMPARE(station.tile(1).record, QStringLiteral("Not recorded"));
    }

    void whatARunCameToSaysNothingOfTheJournalNow()
    {
        Station station(2);
        station.journal.failCommit(makeError(ErrorCode::JournalCannotSave, "disk full"));
        station.type(QStringLiteral("GX-000183"));
        station.press(Qt::Key_F4);
        QTRY_VERIFY_WITH_TIMEOUT(station.tile(1).look == TileLook::Station, kPatience);
        const auto& board = station.controller->board();
        QVERIFY(stationCondition(board, std::nullopt, {}).state == StationCondition::State::Ready);
        const auto now = makeError(ErrorCode::JournalCannotSave, "disk full");
        QVERIFY(stationCondition(board, now, {}).state == StationCondition::State::Stopped);
    }

    void aStoppedStationTakesNothingAndStartsNothing()
    {
        Station station(2, stallingDevice);
        station.type(QStringLiteral("GX-000183"));
        station.controller->stopTesting(makeError(ErrorCode::JournalCannotSave, "disk full"));
        const auto headline = QStringLiteral("The station cannot save. Testing stopped.");
        QCOMPARE(station.message().headline, headline);
        station.press(Qt::Key_Escape);
        station.press(Qt::Key_F4);
        QCOMPARE(station.message().headline, headline);
        QCOMPARE(station.message().next,
                 QStringLiteral("S-301  Call maintenance. Devices in slots are not recorded."));
        QVERIFY(station.controller->start({1}) == RunController::Start::StationStopped);
        QVERIFY(station.controller->idle());
        station.type(QStringLiteral("GX-000184"));
        QCOMPARE(station.message().headline, headline);
        QCOMPARE(station.tile(2).instruction, QStringLiteral("The station cannot test."));
        QVERIFY(station.tile(1).look == TileLook::Stopped);
        auto* panel = station.window->findChild<QWidget*>(QStringLiteral("stationStop"));
        QVERIFY(panel->isVisible());
        QVERIFY(panel->accessibleName().contains(headline));
    }

    void aStationThatRecoveredTestsWhatWaits()
    {
        Station station(2);
        station.type(QStringLiteral("GX-000183"));
        station.controller->stopTesting(makeError(ErrorCode::JournalCannotSave, "disk full"));
        station.controller->allowTesting();
        QVERIFY(!station.window->findChild<QWidget*>(QStringLiteral("stationStop"))->isVisible());
        QCOMPARE(station.message().headline, QStringLiteral("The station can test again."));
        station.press(Qt::Key_F4);
        QTRY_COMPARE_WITH_TIMEOUT(station.tile(1).word, QStringLiteral("PASS"), kPatience);
    }

    void theResultStaysUntilTheNextSerial()
    {
        Station station(1);
        station.type(QStringLiteral("GX-000183"));
        station.press(Qt::Key_F4);
        QTRY_VERIFY_WITH_TIMEOUT(station.tile(1).look == TileLook::Pass, kPatience);
        station.press(Qt::Key_F4);
        station.press(Qt::Key_Escape);
        QVERIFY(station.tile(1).look == TileLook::Pass);
        station.type(QStringLiteral("GX-000184"));
        QVERIFY(station.tile(1).look == TileLook::Ready);
    }

    void aSlotRunsFromItsStartOn()
    {
        Station station(2, stallingDevice);
        station.type(QStringLiteral("GX-000183"));
        // Nothing the slot's thread says can have arrived between these lines.
        QVERIFY(station.controller->start({1}) == RunController::Start::Started);
        QVERIFY(station.tile(1).look == TileLook::Running);
        QCOMPARE(station.controller->startAllReady(), 0);
        QVERIFY(station.controller->start({1}) == RunController::Start::RunsAlready);
        QVERIFY(station.controller->bindSerial(QStringLiteral("GX-000184"), enrollment::SlotNumber{1}).value().slot.value ==
                2);
        station.controller->stop({1});
        QCOMPARE(station.tile(1).reason, QStringLiteral("Stopping."));
        QCOMPARE(station.tile(1).serial, QStringLiteral("GX-000183"));
    }

    void theOnlySlotSaysWhatComesNext()
    {
        Station station(1);
        QCOMPARE(station.message().next, QStringLiteral("Then put the device in."));
        station.type(QStringLiteral("GX-000183"));
        QCOMPARE(station.message().next, QStringLiteral("Put the device in. F4 starts its test."));
        station.press(Qt::Key_F4);
        QCOMPARE(station.message().headline, QStringLiteral("The test runs."));
        QTRY_COMPARE_WITH_TIMEOUT(station.tile(1).word, QStringLiteral("PASS"), kPatience);
        QCOMPARE(station.message().headline, QStringLiteral("The result stays until the next serial."));
    }

    void theOnlySlotWithoutAVerdictAsksForAnotherTest()
    {
        Station station(1);
        station.journal.failCommit(makeError(ErrorCode::JournalCannotSave, "disk full"));
        station.type(QStringLiteral("GX-000183"));
        station.press(Qt::Key_F4);
        QTRY_VERIFY_WITH_TIMEOUT(station.tile(1).look == TileLook::Station, kPatience);
        QCOMPARE(station.message().headline, QStringLiteral("The device has no verdict."));
    }

    void oneOfManySlotsLeavesTheScansMessage()
    {
        Station station(2);
        station.type(QStringLiteral("GX-000183"));
        station.press(Qt::Key_F4);
        QTRY_COMPARE_WITH_TIMEOUT(station.tile(1).word, QStringLiteral("PASS"), kPatience);
        QCOMPARE(station.message().headline, QStringLiteral("1 slot started."));
    }

    void f7AsksBeforeItStops()
    {
        Station station(2, stallingDevice);
        station.type(QStringLiteral("GX-000183"));
        station.press(Qt::Key_F4);
        QTRY_VERIFY_WITH_TIMEOUT(station.tile(1).look == TileLook::Running, kPatience);
        station.press(Qt::Key_F7);
        QCOMPARE(station.message().headline, QStringLiteral("Stop slot 1?"));
        QVERIFY(station.tile(1).look == TileLook::Running);
        station.press(Qt::Key_F7);
        QTRY_VERIFY_WITH_TIMEOUT(station.tile(1).look == TileLook::Stopped, kPatience);
    }

    void escTakesTheQuestionBack()
    {
        Station station(2, stallingDevice);
        station.type(QStringLiteral("GX-000183"));
        station.press(Qt::Key_F4);
        QTRY_VERIFY_WITH_TIMEOUT(station.tile(1).look == TileLook::Running, kPatience);
        station.press(Qt::Key_F7);
        station.press(Qt::Key_Escape);
        QVERIFY(station.tile(1).reason != QStringLiteral("Stopping."));
        QVERIFY(!station.controller->idle());
    }

    void aVerdictThatIsBeingSavedCannotBeStopped()
    {
        Station station(2, {}, std::make_shared<std::latch>(1));
        station.type(QStringLiteral("GX-000183"));
        station.press(Qt::Key_F4);
        QTRY_COMPARE_WITH_TIMEOUT(station.tile(1).word, QStringLiteral("STEP 7/7"), kPatience);
        station.press(Qt::Key_F7);
        QCOMPARE(station.message().headline, QStringLiteral("Slot 1 is saving its verdict."));
        station.press(Qt::Key_F7);
        QVERIFY(station.tile(1).reason != QStringLiteral("Stopping."));
        station.openGate();
        QTRY_VERIFY_WITH_TIMEOUT(station.tile(1).look == TileLook::Pass, kPatience);
    }

    void theQuestionEndsWithItsRun()
    {
        Station station(2, stallingDevice);
        station.type(QStringLiteral("GX-000183"));
        station.press(Qt::Key_F4);
        QTRY_VERIFY_WITH_TIMEOUT(station.tile(1).look == TileLook::Running, kPatience);
        station.press(Qt::Key_F7);
        QCOMPARE(station.message().headline, QStringLiteral("Stop slot 1?"));
        station.controller->stop({1});
        QTRY_VERIFY_WITH_TIMEOUT(station.tile(1).look == TileLook::Stopped, kPatience);
        QCOMPARE(station.message().headline, QStringLiteral("Scan or type a serial."));
        station.press(Qt::Key_F7);
        QCOMPARE(station.message().headline, QStringLiteral("No running slot is selected."));
    }

    void f11FillsTheScreenAndGivesItBack()
    {
        Station station(2);
        const auto before = station.window->geometry();
        QVERIFY(before != station.window->screen()->geometry());
        station.press(Qt::Key_F11);
        QVERIFY(station.window->fillsScreen());
        QTRY_VERIFY(station.window->isFullScreen());
        QTRY_COMPARE(station.window->frameGeometry().topLeft(), station.window->screen()->geometry().topLeft());
        station.press(Qt::Key_F11);
        QVERIFY(!station.window->fillsScreen());
        QTRY_VERIFY(!station.window->isFullScreen());
        QTRY_COMPARE(station.window->geometry(), before);
    }

    void aStoppedTestIsStartedAgainWithTheSameSerial()
    {
        Station station(1, stallingDevice);
        station.type(QStringLiteral("GX-000183"));
        station.press(Qt::Key_F4);
        QTRY_VERIFY_WITH_TIMEOUT(station.tile(1).look == TileLook::Running, kPatience);
        station.controller->stop({1});
        QTRY_VERIFY_WITH_TIMEOUT(station.tile(1).look == TileLook::Stopped, kPatience);
        QVERIFY(station.controller->start({1}) == RunController::Start::Started);
        QTRY_VERIFY_WITH_TIMEOUT(station.tile(1).look == TileLook::Running, kPatience);
        QCOMPARE(station.tile(1).serial, QStringLiteral("GX-000183"));
    }

    void f4StartsTheOnlySlotAgain()
    {
        Station station(1, stallingDevice);
        station.type(QStringLiteral("GX-000183"));
        station.press(Qt::Key_F4);
        station.controller->stop({1});
        QTRY_VERIFY_WITH_TIMEOUT(station.tile(1).look == TileLook::Stopped, kPatience);
        QCOMPARE(station.message().next, QStringLiteral("F4 starts its test again."));
        station.press(Qt::Key_F4);
        QVERIFY(station.tile(1).look == TileLook::Running);
    }

    void f4StartsAStoppedSlotAgainIfItIsSelected()
    {
        Station station(2, stallingDevice);
        station.type(QStringLiteral("GX-000183"));
        station.press(Qt::Key_F4);
        station.controller->stop({1});
        QTRY_VERIFY_WITH_TIMEOUT(station.tile(1).look == TileLook::Stopped, kPatience);
        station.press(Qt::Key_F4);
        QCOMPARE(station.message().headline, QStringLiteral("No slot is ready."));
        station.choose(1);
        station.press(Qt::Key_F4);
        QVERIFY(station.tile(1).look == TileLook::Running);
    }

    void closesWithinTwoSecondsWhileEightTpmsAreSilent()
    {
        Station station(8, stallingDevice);
        station.fillAll();
        station.press(Qt::Key_F4);
        QTRY_COMPARE_WITH_TIMEOUT(station.controller->board().running().size(), std::size_t{8}, kPatience);
        QSignalSpy finished(station.window.get(), &MainWindow::finished);
        QElapsedTimer clock;
        clock.start();
        QVERIFY(!station.window->close());
        QVERIFY(finished.count() > 0 || finished.wait(kPatience));
        station.window.reset();
        station.controller.reset();
        QVERIFY2(clock.elapsed() < 2000, qPrintable(QString::number(clock.elapsed())));
        QCOMPARE(station.journal.runs(), std::size_t{8});
    }

    void destroyingEverythingWhileSlotsRunIsClean()
    {
        Station station(8, stallingDevice);
        station.fillAll();
        station.press(Qt::Key_F4);
        QTRY_COMPARE_WITH_TIMEOUT(station.controller->board().running().size(), std::size_t{8}, kPatience);
        QElapsedTimer clock;
        clock.start();
        station.window.reset();
        station.controller.reset();
        QVERIFY(clock.elapsed() < 2000);
    }

    void nothingStartsWhileTheWindowCloses()
    {
        Station station(2, stallingDevice);
        station.fillAll();
        QVERIFY(station.controller->start({1}) == RunController::Start::Started);
        QTRY_VERIFY_WITH_TIMEOUT(station.tile(1).look == TileLook::Running, kPatience);
        station.window->close();
        station.press(Qt::Key_F4);
        auto* second = station.window->runScreen().grid().tile({2});
        QTest::keyClick(second, Qt::Key_Return);
        QTest::mouseClick(second, Qt::LeftButton);
        second->press();
        QTRY_VERIFY_WITH_TIMEOUT(station.controller->idle(), kPatience);
        QVERIFY(station.tile(2).look == TileLook::Ready);
    }

    void theHeaderSaysThatSoftwareTpmsAreAllowed()
    {
        Station station(1);
        RunHeader header(station.theme);
        RunHeaderContent content;
        content.profile = QStringLiteral("Demonstration");
        content.softwareTpms = SoftwareTpms::Allowed;
        header.show(content);
        QVERIFY(header.accessibleName().contains(QLatin1String("Software TPMs allowed")));
    }

    void countersNeverRoundAYieldUp()
    {
        QCOMPARE(yieldText(0.9999), QString(QLocale().toString(99.9, 'f', 1) + QStringLiteral(" %")));
        QCOMPARE(yieldText(std::nullopt), QString(QChar(0x2013)));
    }

    void anUploadThatCannotConnectDegradesTheStationOnly()
    {
        const ::enroll::station::SlotBoard board(std::vector{enrollment::SlotNumber{1}});
        const UploadState offline{12, makeError(ErrorCode::CloudUnreachable, "refused"),
                                  QDateTime(QDate(2026, 11, 23), QTime(9, 14))};
        const auto condition = stationCondition(board, std::nullopt, {offline});
        QVERIFY(condition.state == StationCondition::State::Degraded);
        QCOMPARE(condition.reason, QStringLiteral("U-503 No connection to the cloud since 09:14"));
    }
};

QTEST_MAIN(MainWindowTest)
#include "tst_main_window.moc"
