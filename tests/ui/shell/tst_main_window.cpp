#include "core/base/scan_code.h"
#include "tests/ui/station_window.h"
#include "ui/model/step_names.h"

#include <QElapsedTimer>
#include <QSignalSpy>

using namespace enroll;
using namespace enroll::ui;
using test::kPatience;
using test::stallingDevice;
using test::Station;

namespace {

/// The step that slot 1 is at; 0 while it does not run.
int stepOf(const Station& station)
{
    const auto& progress = station.tile(1).progress;
    return progress ? progress->current : 0;
}

bool isStopping(const Station& station)
{
    const auto& progress = station.tile(1).progress;
    return progress && progress->pace == StepPace::Stopping;
}

using namespace std::chrono_literals;

/// A clock for the screen that goes on by hand alone.
std::shared_ptr<std::chrono::steady_clock::time_point> setClockOf(const Station& station)
{
    auto now = std::make_shared<std::chrono::steady_clock::time_point>(std::chrono::steady_clock::now());
    station.runScreen->setClock([now] { return *now; });
    return now;
}

void startFirst(Station& station)
{
    station.type(QStringLiteral("GX-000183"));
    station.press(Qt::Key_F4);
    QTRY_VERIFY_WITH_TIMEOUT(station.tile(1).look == TileLook::Running, kPatience);
}

} // namespace

class MainWindowTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void runsToAPass()
    {
        Station station(2);
        station.type(QStringLiteral("GX-000183"));
        station.press(Qt::Key_F4);
        QTRY_VERIFY_WITH_TIMEOUT(station.tile(1).look == TileLook::Pass, kPatience);
        QCOMPARE(station.journal.runs(), std::size_t{1});
        QVERIFY(station.tile(2).look == TileLook::Ready);
    }

    void showsPassOnlyAfterTheCommitReturned()
    {
        Station station(2, {}, std::make_shared<std::latch>(1));
        station.type(QStringLiteral("GX-000183"));
        station.press(Qt::Key_F4);
        QTRY_VERIFY_WITH_TIMEOUT(stepOf(station) == kShownSteps, kPatience);
        QCoreApplication::processEvents();
        QVERIFY(station.tile(1).look == TileLook::Running);
        station.openGate();
        QTRY_VERIFY_WITH_TIMEOUT(station.tile(1).look == TileLook::Pass, kPatience);
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
        const auto other = station.controller->bindSerial("GX-000184", enrollment::SlotNumber{1});
        QVERIFY(!other.ok() && other.error().code == ScanCode::ChosenSlotRuns); // nor another slot in its place
        station.controller->stop({1});
        QVERIFY(isStopping(station));
        QCOMPARE(station.tile(1).serial, QStringLiteral("GX-000183"));
    }

    void f7AsksBeforeItStops()
    {
        Station station(2, stallingDevice);
        station.type(QStringLiteral("GX-000183"));
        station.press(Qt::Key_F4);
        QTRY_VERIFY_WITH_TIMEOUT(station.tile(1).look == TileLook::Running, kPatience);
        station.press(Qt::Key_F7);
        QVERIFY(station.tells(ScanNews::StopQuestion, 1));
        QVERIFY(station.tile(1).look == TileLook::Running);
        station.readQuestion();
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
        QVERIFY(!isStopping(station));
        QVERIFY(!station.controller->idle());
    }

    void aVerdictThatIsBeingSavedCannotBeStopped()
    {
        Station station(2, {}, std::make_shared<std::latch>(1));
        station.type(QStringLiteral("GX-000183"));
        station.press(Qt::Key_F4);
        QTRY_VERIFY_WITH_TIMEOUT(stepOf(station) == kShownSteps, kPatience);
        station.press(Qt::Key_F7);
        QVERIFY(station.tells(ScanNews::TooLateToStop, 1));
        station.press(Qt::Key_F7);
        QVERIFY(!isStopping(station));
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
        QVERIFY(station.tells(ScanNews::StopQuestion, 1));
        station.controller->stop({1});
        QTRY_VERIFY_WITH_TIMEOUT(station.tile(1).look == TileLook::Stopped, kPatience);
        QVERIFY(station.tells(ScanNews::Idle));
        station.readQuestion();
        station.press(Qt::Key_F7);
        QVERIFY(station.tells(ScanNews::NothingToStop));
    }

    void f11FillsTheScreenAndGivesItBack()
    {
        Station station(2);
        const auto before = station.window->geometry();
        QVERIFY(before != station.window->screen()->geometry());
        station.press(Qt::Key_F11);
        QVERIFY(station.window->fillsDisplay());
        QTRY_VERIFY(station.window->isFullScreen());
        QTRY_COMPARE(station.window->frameGeometry().topLeft(), station.window->screen()->geometry().topLeft());
        station.press(Qt::Key_F11);
        QVERIFY(!station.window->fillsDisplay());
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

    void closesWithinTwoSecondsWhileEightTpmsAreSilent()
    {
        Station station(8, stallingDevice);
        station.fillAll();
        station.press(Qt::Key_F4);
        QTRY_COMPARE_WITH_TIMEOUT(station.controller->board().running().size(), std::size_t{8}, kPatience);
        QSignalSpy finished(station.window.get(), &MainWindow::finished);
        QElapsedTimer clock;
        clock.start();
        station.window->closeUnasked();
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
        station.window->closeUnasked();
        station.press(Qt::Key_F4);
        auto* second = station.runScreen->grid().tile({2});
        QTest::keyClick(second, Qt::Key_Return);
        QTest::mouseClick(second, Qt::LeftButton);
        second->press();
        QTRY_VERIFY_WITH_TIMEOUT(station.controller->idle(), kPatience);
        QVERIFY(station.tile(2).look == TileLook::Ready);
    }

    void closingAsksWhileSlotsRun()
    {
        Station station(2, stallingDevice);
        auto now = setClockOf(station);
        startFirst(station);
        QSignalSpy finished(station.window.get(), &MainWindow::finished);
        for (const auto later : {0ms, 30ms, 900ms}) { // the window's button was clicked twice, or the key was held down
            *now += later;
            QVERIFY(!station.window->close());
            QVERIFY(station.tells(ScanNews::CloseQuestion));
        }
        QVERIFY(station.tile(1).look == TileLook::Running && !isStopping(station));
        *now += 31s; // somebody else's wish
        QVERIFY(!station.window->close());
        QVERIFY(station.tells(ScanNews::CloseQuestion));
        *now += 1s;
        QVERIFY(station.tile(1).look == TileLook::Running && !isStopping(station));
        QVERIFY(!station.window->close());
        QVERIFY(station.tells(ScanNews::Closing));
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, kPatience);
        QCOMPARE(station.journal.runs(), std::size_t{1});
    }

    void theCloseQuestionIsTakenBack_data()
    {
        QTest::addColumn<QString>("by");
        for (const auto* by : {"Esc", "a scan", "F7"}) {
            QTest::newRow(by) << QString::fromLatin1(by);
        }
    }
    void theCloseQuestionIsTakenBack()
    {
        QFETCH(const QString, by);
        Station station(2, stallingDevice);
        startFirst(station);
        station.window->close();
        if (by == QLatin1String("Esc")) {
            station.press(Qt::Key_Escape);
            QVERIFY(station.tells(ScanNews::Idle));
        } else if (by == QLatin1String("F7")) {
            station.press(Qt::Key_F7);
        } else {
            station.scan(QStringLiteral("GX-000184"));
            QVERIFY(station.tells(ScanNews::Ready, 2));
        }
        QVERIFY(!station.window->close());
        QVERIFY(station.tells(ScanNews::CloseQuestion));
        QVERIFY(station.tile(1).look == TileLook::Running && !isStopping(station));
    }

    void theCloseQuestionEndsWithTheLastRun()
    {
        Station station(2, stallingDevice);
        startFirst(station);
        station.window->close();
        station.controller->stop({1});
        QTRY_VERIFY_WITH_TIMEOUT(station.tile(1).look == TileLook::Stopped, kPatience);
        QVERIFY(station.tells(ScanNews::Idle));
        QVERIFY(station.window->isVisible()); // its result is for eyes
        QVERIFY(station.window->close());
    }

    void aQuestionAboutASlotEndsWithTheNextMessage()
    {
        Station station(2, stallingDevice);
        startFirst(station);
        station.press(Qt::Key_F7);
        QVERIFY(station.tells(ScanNews::StopQuestion, 1));
        station.runScreen->refuseToClose();
        station.readQuestion();
        station.press(Qt::Key_F7); // asks again
        QVERIFY(station.tells(ScanNews::StopQuestion, 1));
        QVERIFY(!isStopping(station));
    }

    void theCloseQuestionEndsTheChoiceOfASlot()
    {
        Station station(2, stallingDevice);
        startFirst(station);
        station.press(Qt::Key_F2);
        station.window->close();
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_2);
        QVERIFY(!station.tells(ScanNews::Selected, 2));
    }

    void aKioskIsClosedByNoPerson()
    {
        Station station(2);
        station.window->beKiosk();
        QVERIFY(!station.window->close());
        QVERIFY(station.tells(ScanNews::StaysOpen));
        station.press(Qt::Key_F11);
        QVERIFY(station.window->fillsDisplay());
        QTest::keyClick(station.window.get(), Qt::Key_Q, Qt::ControlModifier);
        QVERIFY(station.window->isVisible());
        for (const auto& line : station.window->keyLines()) {
            QVERIFY(line.keys != QKeySequence(Qt::CTRL | Qt::Key_Q) && line.keys != QKeySequence(Qt::Key_F11));
        }
        station.window->closeUnasked();
        QVERIFY(!station.window->isVisible());
    }

    void theAppBarSaysThatSoftwareTpmsAreAllowed()
    {
        Station station(1);
        const StationIdentity identity{QStringLiteral("ST-07"), {}, QStringLiteral("Demo"), SoftwareTpms::Allowed};
        RunScreen screen(*station.controller, station.theme, identity);
        const auto caution = screen.caption().caution;
        QVERIFY(!caution.isEmpty());
        station.window->add(&screen);
        station.window->showScreen(1);
        QVERIFY(station.window->appBar().accessibleName().contains(caution));
        screen.setParent(nullptr);
    }

    void countersNeverRoundAYieldUp()
    {
        QCOMPARE(yieldText(0.9999), QString(QLocale().toString(99.9, 'f', 1) + QStringLiteral(" %")));
        QCOMPARE(yieldText(std::nullopt), QString(QChar(0x2013)));
    }
};

QTEST_MAIN(MainWindowTest)
#include "tst_main_window.moc"
