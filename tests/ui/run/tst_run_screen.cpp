#include "core/base/cloud_code.h"
#include "core/base/scan_code.h"
#include "core/base/station_code.h"
#include "tests/ui/station_window.h"
#include "ui/model/catalog_text.h"

using namespace enroll;
using namespace enroll::ui;
using test::kByHandMs;
using test::kPatience;
using test::stallingDevice;
using test::Station;

class RunScreenTest : public QObject {
    Q_OBJECT

    /// The slots whose tiles say that they get the next serial.
    static QList<int> marks(const Station& station)
    {
        QList<int> slots;
        for (const auto slot : station.controller->board().slots()) {
            if (station.tile(slot.value).next) {
                slots << slot.value;
            }
        }
        return slots;
    }

private Q_SLOTS:
    void aTypedSerialGoesToTheNextFreeSlot()
    {
        Station station(4);
        station.type(QStringLiteral("GX-000183"));
        QCOMPARE(station.tile(1).serial, QStringLiteral("GX-000183"));
        QVERIFY(station.tells(ScanNews::Ready, 1));
        station.type(QStringLiteral("GX-000184"));
        QCOMPARE(station.tile(2).serial, QStringLiteral("GX-000184"));
    }

    void theMarkShowsWhereTheNextSerialGoes()
    {
        Station station(4);
        QCOMPARE(marks(station), QList<int>{1});
        station.type(QStringLiteral("GX-000183"));
        QCOMPARE(marks(station), QList<int>{2});
        station.choose(4);
        QCOMPARE(marks(station), QList<int>{4});
        station.press(Qt::Key_Escape);
        QCOMPARE(marks(station), QList<int>{2});
        QVERIFY(station.message().next.contains(QLatin1String("slot 2")));
        station.controller->stopTesting(makeError(StationCode::JournalCannotSave, "disk full"));
        QCOMPARE(marks(station), QList<int>{});
    }

    /// It was chosen to stop it, or to look at it: the end of a test may not decide where the next serial goes.
    void aSlotThatWasChosenWhileItRanIsNotNextWhenItEnds()
    {
        Station station(2, stallingDevice);
        station.type(QStringLiteral("GX-000183"));
        station.press(Qt::Key_F4);
        station.choose(1);
        QCOMPARE(marks(station), QList<int>{}); // it was chosen, and takes none
        station.type(QStringLiteral("GX-000184"));
        QVERIFY(station.refuses(ScanCode::ChosenSlotRuns));
        QVERIFY(!station.controller->board().slotOf(enrollment::SerialNumber{"GX-000184"}));
        station.controller->stop({1});
        QTRY_VERIFY_WITH_TIMEOUT(station.tile(1).look == TileLook::Stopped, kPatience);
        QVERIFY(station.tells(ScanNews::ChoiceOver, 1));
        QCOMPARE(marks(station), QList<int>{2});
        station.type(QStringLiteral("GX-000184"));
        QVERIFY(station.tile(1).look == TileLook::Stopped);
    }

    void theOnlySlotNeedsNoMark()
    {
        Station station(1);
        QCOMPARE(marks(station), QList<int>{});
    }

    void noScanClearsAResultThatIsNoPass()
    {
        Station station(2);
        station.journal.failCommit(makeError(StationCode::JournalCannotSave, "disk full"));
        station.fillAll();
        station.press(Qt::Key_F4);
        for (const auto slot : {1, 2}) {
            QTRY_VERIFY_WITH_TIMEOUT(station.tile(slot).look == TileLook::Station, kPatience);
        }
        QCOMPARE(marks(station), QList<int>{});
        station.type(QStringLiteral("GX-000183"));
        QVERIFY(station.refuses(ScanCode::ResultsWait));
        station.type(QStringLiteral("GX-000002"));
        QVERIFY(station.refuses(ScanCode::SerialHasResult));
        QVERIFY(station.message().slot == enrollment::SlotNumber{2});
        QVERIFY(station.tile(1).look == TileLook::Station);
        QVERIFY(station.tile(2).look == TileLook::Station);
        station.choose(2);
        QCOMPARE(marks(station), QList<int>{2});
        station.type(QStringLiteral("GX-000002"));
        QVERIFY(station.tile(2).look == TileLook::Ready);
    }

    void aPassWhoseRecordIsRejectedStays_data()
    {
        QTest::addColumn<enrollment::RecordState>("state");
        QTest::newRow("rejected") << enrollment::RecordState::Rejected;
        QTest::newRow("set aside since") << enrollment::RecordState::SetAside;
    }
    void aPassWhoseRecordIsRejectedStays()
    {
        QFETCH(enrollment::RecordState, state);
        Station station(1);
        station.type(QStringLiteral("GX-000183"));
        station.press(Qt::Key_F4);
        QTRY_VERIFY_WITH_TIMEOUT(station.tile(1).look == TileLook::Pass, kPatience);
        const auto& run = std::get<::enroll::station::SlotFinished>(station.controller->board().state({1})).run;
        JournalView view;
        view.records[run.runId] = *run.record;
        view.records[run.runId].state = state;
        station.runScreen->showJournal(view);
        station.type(QStringLiteral("GX-000184"));
        QVERIFY(station.refuses(ScanCode::ResultsWait));
        QVERIFY(station.tile(1).look == TileLook::Rejected);
        station.press(Qt::Key_F2);
        station.type(QStringLiteral("GX-000184"));
        QVERIFY(station.tile(1).look == TileLook::Ready);
    }

    void refusesWhatIsNoSerialNumber()
    {
        Station station(4);
        station.type(QStringLiteral("4006381333931"));
        QVERIFY(station.refuses(ScanCode::NotASerialNumber));
        QVERIFY(station.tile(1).look == TileLook::Ready);
        QVERIFY(station.tile(1).serialRole == SerialRole::Placeholder);
    }

    void theSameCodeTwiceChangesNothing()
    {
        Station station(4);
        station.type(QStringLiteral("GX-000183"));
        station.type(QStringLiteral("GX-000183"));
        QVERIFY(station.tells(ScanNews::Ready, 1));
        QVERIFY(station.tile(2).serialRole == SerialRole::Placeholder);
        QTest::keyClick(station.entry(), Qt::Key_Return); // a scanner with two line ends
        QVERIFY(station.tells(ScanNews::Ready, 1));
        QVERIFY(station.tile(1).look == TileLook::Ready);
    }

    void namesTheSlotWhereASerialIs()
    {
        Station station(4);
        station.type(QStringLiteral("GX-000183"));
        station.choose(3);
        station.type(QStringLiteral("GX-000183"));
        QVERIFY(station.refuses(ScanCode::SerialAlreadyInSlot));
        QVERIFY(station.message().slot == enrollment::SlotNumber{1});
    }

    void tabChoosesNoSlot()
    {
        Station station(4);
        station.type(QStringLiteral("GX-000183"));
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab, {}, kByHandMs);
        QVERIFY(station.runScreen->grid().tile({1})->hasFocus());
        station.scan(QStringLiteral("GX-000184"));
        QCOMPARE(station.tile(1).serial, QStringLiteral("GX-000183"));
        QCOMPARE(station.tile(2).serial, QStringLiteral("GX-000184"));
    }

    void tabForgetsTheChosenSlot()
    {
        Station station(4);
        station.choose(3);
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
        QVERIFY(station.tells(ScanNews::Idle));
        station.scan(QStringLiteral("GX-000184"));
        QCOMPARE(station.tile(1).serial, QStringLiteral("GX-000184"));
    }

    void enterOnATileChoosesItAndStartsNothing()
    {
        Station station(4, stallingDevice);
        station.type(QStringLiteral("GX-000183"));
        QTest::keyClick(station.runScreen->grid().tile({1}), Qt::Key_Return);
        QVERIFY(station.tile(1).look == TileLook::Ready);
        QVERIFY(station.tells(ScanNews::Selected, 1));
        QVERIFY(station.message().next.contains(QLatin1String("GX-000183"))); // what the next serial takes the place of
    }

    void aSerialThatGivesWayIsNamed()
    {
        Station station(4);
        station.type(QStringLiteral("GX-000183"));
        station.choose(1);
        station.scan(QStringLiteral("GX-000184"));
        QCOMPARE(station.tile(1).serial, QStringLiteral("GX-000184"));
        QVERIFY(station.tells(ScanNews::Ready, 1));
        QVERIFY(station.message().next.contains(QLatin1String("GX-000183")));
    }

    void aSerialThatWaitsIsTakenOut()
    {
        Station station(4);
        station.type(QStringLiteral("GX-000183"));
        station.choose(1);
        station.press(Qt::Key_F7);
        QVERIFY(station.tells(ScanNews::TakenBack, 1));
        QVERIFY(station.tile(1).serialRole == SerialRole::Placeholder);
        QCOMPARE(marks(station), QList<int>{2});
        station.scan(QStringLiteral("GX-000184")); // the choice ended with it
        QCOMPARE(station.tile(2).serial, QStringLiteral("GX-000184"));
    }

    void theOnlySlotsSerialIsTakenOutByOneKey()
    {
        Station station(1);
        station.type(QStringLiteral("GX-000183"));
        station.press(Qt::Key_F7);
        QVERIFY(station.tells(ScanNews::TakenBack, 1));
        station.readQuestion();
        station.press(Qt::Key_F7);
        QVERIFY(station.tells(ScanNews::NothingToStop));
    }

    void theLabelOfASlotChoosesIt()
    {
        Station station(4, {}, nullptr, "^GX-[0-9]{6}$", enrollment::PairingRule::SlotThenSerial);
        QCOMPARE(marks(station), QList<int>{});
        station.scan(QStringLiteral("GX-000183"));
        QVERIFY(station.refuses(ScanCode::NoSlotChosen));
        station.scan(QStringLiteral("SLOT 3"));
        QVERIFY(station.tells(ScanNews::Selected, 3));
        QCOMPARE(marks(station), QList<int>{3});
        station.scan(QStringLiteral("GX-000183"));
        QVERIFY(station.tells(ScanNews::Ready, 3));
        QCOMPARE(marks(station), QList<int>{});
        station.scan(QStringLiteral("GX-000184")); // each serial needs its slot
        QVERIFY(station.refuses(ScanCode::NoSlotChosen));
        station.scan(QStringLiteral("slot-9"));
        QVERIFY(station.tells(ScanNews::NoSuchSlot, 9));
    }

    void theChosenSlotTakesTheNextSerial()
    {
        Station station(8);
        station.runScreen->chooseSlot();
        QTest::keyClick(station.runScreen, Qt::Key_5);
        QTRY_VERIFY_WITH_TIMEOUT(station.tells(ScanNews::Selected, 5), kPatience);
        station.type(QStringLiteral("GX-000183"));
        QCOMPARE(station.tile(5).serial, QStringLiteral("GX-000183"));
    }

    void whileASlotsNumberIsAskedForNothingIsDoneToAnother()
    {
        Station station(16);
        station.fillAll();
        station.choose(5);
        station.press(Qt::Key_F2);
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_1);
        QTRY_VERIFY(station.tells(ScanNews::OneMoreDigit, 1));
        station.press(Qt::Key_F7); // takes the serial out of the slot that the bar asks about
        QVERIFY(station.tells(ScanNews::TakenBack, 1));
        QCOMPARE(station.tile(5).serial, QStringLiteral("GX-000005"));
        station.press(Qt::Key_F2);
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_1);
        QTRY_VERIFY(station.tells(ScanNews::OneMoreDigit, 1));
        station.scan(QStringLiteral("GX-000099"));
        QCOMPARE(station.tile(1).serial, QStringLiteral("GX-000099"));
    }

    void aScanAfterF2KeepsItsFirstDigit()
    {
        Station station(8);
        station.runScreen->chooseSlot();
        station.scan(QStringLiteral("4006381333931"));
        QCOMPARE(station.entry()->text(), QStringLiteral("4006381333931"));
        QVERIFY(station.refuses(ScanCode::NotASerialNumber));
    }

    void aScanIsTakenWhereverTheFocusIs()
    {
        Station station(4);
        auto* tile = station.runScreen->grid().tile({2});
        QTest::keyClicks(tile, QStringLiteral("G"));
        QCOMPARE(station.window->findChild<QLineEdit*>(QStringLiteral("serialEntry"))->text(), QStringLiteral("G"));
    }

    void aJournalThatCannotSaveIsAStationFault()
    {
        Station station(2);
        station.journal.failCommit(makeError(StationCode::JournalCannotSave, "disk full"));
        station.type(QStringLiteral("GX-000183"));
        station.press(Qt::Key_F4);
        QTRY_VERIFY_WITH_TIMEOUT(station.tile(1).look == TileLook::Station, kPatience);
        QVERIFY(station.tile(1).noRecord == NoRecord::NotRecorded);
    }

    void whatARunCameToSaysNothingOfTheJournalNow()
    {
        Station station(2);
        station.journal.failCommit(makeError(StationCode::JournalCannotSave, "disk full"));
        station.type(QStringLiteral("GX-000183"));
        station.press(Qt::Key_F4);
        QTRY_VERIFY_WITH_TIMEOUT(station.tile(1).look == TileLook::Station, kPatience);
        const auto& board = station.controller->board();
        QVERIFY(stationCondition(board, std::nullopt, {}).state == StationCondition::State::Ready);
        const auto now = makeError(StationCode::JournalCannotSave, "disk full");
        QVERIFY(stationCondition(board, now, {}).state == StationCondition::State::Stopped);
    }

    void aStoppedStationTakesNothingAndStartsNothing()
    {
        Station station(2, stallingDevice);
        station.type(QStringLiteral("GX-000183"));
        station.controller->stopTesting(makeError(StationCode::JournalCannotSave, "disk full"));
        QVERIFY(station.refuses(StationCode::JournalCannotSave));
        station.press(Qt::Key_Escape);
        QVERIFY(station.refuses(StationCode::JournalCannotSave));
        station.press(Qt::Key_F4);
        QVERIFY(station.refuses(StationCode::JournalCannotSave));
        QVERIFY(station.controller->start({1}) == RunController::Start::Refused);
        QVERIFY(station.controller->idle());
        station.type(QStringLiteral("GX-000184"));
        QVERIFY(station.refuses(StationCode::JournalCannotSave));
        QVERIFY(station.tile(2).look == TileLook::Stopped);
        QVERIFY(station.tile(2).serialRole == SerialRole::Placeholder);
        QVERIFY(station.tile(1).look == TileLook::Stopped);
        QVERIFY(station.tile(1).serialRole == SerialRole::Serial);
        auto* panel = station.window->findChild<QWidget*>(QStringLiteral("stationStop"));
        QVERIFY(panel->isVisible());
        QVERIFY(panel->accessibleName().contains(QLatin1String("S-301")));
        QVERIFY(panel->accessibleDescription().contains(QLatin1String("disk full"))); // which limit
        station.controller->stopTesting(makeError(StationCode::JournalCannotSave, "no room on /data"));
        QVERIFY(panel->accessibleDescription().contains(QLatin1String("/data"))); // known a moment later
        for (const auto* file : {"a.pem", "b.pem"}) { // the first was mended, and the next cannot be used either
            station.controller->stopTesting(Error{StationCode::TrustUnreadable, "odd", {}, {}, file});
            QVERIFY(panel->accessibleName().contains(QLatin1String(file)));
        }
    }

    void aStationThatRecoveredTestsWhatWaits()
    {
        Station station(2);
        station.type(QStringLiteral("GX-000183"));
        station.controller->stopTesting(makeError(StationCode::JournalCannotSave, "disk full"));
        station.controller->allowTesting();
        QVERIFY(!station.window->findChild<QWidget*>(QStringLiteral("stationStop"))->isVisible());
        QVERIFY(station.tells(ScanNews::CanTestAgain));
        station.press(Qt::Key_F4);
        QTRY_VERIFY_WITH_TIMEOUT(station.tile(1).look == TileLook::Pass, kPatience);
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

    void theOnlySlotSaysWhatComesNext()
    {
        Station station(1);
        QVERIFY(station.tells(ScanNews::Idle));
        station.type(QStringLiteral("GX-000183"));
        QVERIFY(station.tells(ScanNews::Ready, 1));
        station.press(Qt::Key_F4);
        QVERIFY(station.tells(ScanNews::Started));
        QTRY_VERIFY_WITH_TIMEOUT(station.tile(1).look == TileLook::Pass, kPatience);
        QVERIFY(station.tells(ScanNews::ResultStays, 1));
    }

    void theOnlySlotWithoutAVerdictAsksForAnotherTest()
    {
        Station station(1);
        station.journal.failCommit(makeError(StationCode::JournalCannotSave, "disk full"));
        station.type(QStringLiteral("GX-000183"));
        station.press(Qt::Key_F4);
        QTRY_VERIFY_WITH_TIMEOUT(station.tile(1).look == TileLook::Station, kPatience);
        QVERIFY(station.tells(ScanNews::NotJudged, 1));
    }

    void oneOfManySlotsLeavesTheScansMessage()
    {
        Station station(2);
        station.type(QStringLiteral("GX-000183"));
        station.press(Qt::Key_F4);
        QTRY_VERIFY_WITH_TIMEOUT(station.tile(1).look == TileLook::Pass, kPatience);
        QVERIFY(station.tells(ScanNews::Started));
    }

    void f4StartsTheOnlySlotAgain()
    {
        Station station(1, stallingDevice);
        station.type(QStringLiteral("GX-000183"));
        station.press(Qt::Key_F4);
        station.controller->stop({1});
        QTRY_VERIFY_WITH_TIMEOUT(station.tile(1).look == TileLook::Stopped, kPatience);
        QVERIFY(station.tells(ScanNews::StartsAgain, 1));
        station.press(Qt::Key_F4);
        QVERIFY(station.tile(1).look == TileLook::Running);
    }

    /// The label of another device was scanned since, and refused: that one may be in the slot now.
    void aStoppedTestIsNotStartedAgainAfterALabel_data()
    {
        QTest::addColumn<QString>("label");
        QTest::newRow("no serial") << QStringLiteral("4006381333931");
        QTest::newRow("two as one") << QStringLiteral("GX-000184GX-000185");
        QTest::newRow("no free slot") << QStringLiteral("GX-000184");
    }
    void aStoppedTestIsNotStartedAgainAfterALabel()
    {
        QFETCH(const QString, label);
        Station station(1, stallingDevice);
        station.type(QStringLiteral("GX-000183"));
        station.press(Qt::Key_F4);
        station.controller->stop({1});
        QTRY_VERIFY_WITH_TIMEOUT(station.tile(1).look == TileLook::Stopped, kPatience);
        const auto before = station.tile(1).instruction;
        station.type(label);
        QVERIFY(station.message().news == ScanNews::Refused);
        QVERIFY(station.tile(1).instruction != before); // the tile asks for a scan, too
        station.press(Qt::Key_F4);
        QVERIFY(station.tells(ScanNews::NothingReady));
        QVERIFY(station.tile(1).look == TileLook::Stopped);
        station.press(Qt::Key_F2);
        station.type(QStringLiteral("GX-000183")); // it is its turn after all
        station.press(Qt::Key_F4);
        QVERIFY(station.tile(1).look == TileLook::Running);
    }

    /// The label was refused while the test ran, and its device waits in somebody's hand.
    void aTestThatIsStoppedForAnotherDeviceIsNotStartedAgain()
    {
        Station station(1, stallingDevice);
        station.type(QStringLiteral("GX-000183"));
        station.press(Qt::Key_F4);
        station.type(QStringLiteral("GX-000184"));
        QVERIFY(station.refuses(ScanCode::NoFreeSlot));
        station.controller->stop({1});
        QTRY_VERIFY_WITH_TIMEOUT(station.tile(1).look == TileLook::Stopped, kPatience);
        QVERIFY(station.tells(ScanNews::NotJudged, 1));
        station.press(Qt::Key_F4);
        QVERIFY(station.tells(ScanNews::NothingReady));
        QVERIFY(station.tile(1).look == TileLook::Stopped);
    }

    void aStoppedTestThatMovedIsNotStartedWhereItWas()
    {
        Station station(2, stallingDevice);
        station.type(QStringLiteral("GX-000183"));
        station.press(Qt::Key_F4);
        station.controller->stop({1});
        QTRY_VERIFY_WITH_TIMEOUT(station.tile(1).look == TileLook::Stopped, kPatience);
        station.scan(QStringLiteral("SLOT 2"));
        station.scan(QStringLiteral("GX-000183"));
        QVERIFY(station.tells(ScanNews::Ready, 2));
        Q_EMIT station.runScreen->grid().activated(1); // a click
        QVERIFY(station.tells(ScanNews::TakesNext, 1));
        QVERIFY(station.tile(1).look == TileLook::Stopped);
    }

    void f4StartsAStoppedSlotAgainIfItIsSelected()
    {
        Station station(2, stallingDevice);
        station.type(QStringLiteral("GX-000183"));
        station.press(Qt::Key_F4);
        station.controller->stop({1});
        QTRY_VERIFY_WITH_TIMEOUT(station.tile(1).look == TileLook::Stopped, kPatience);
        station.press(Qt::Key_F4);
        QVERIFY(station.tells(ScanNews::NothingReady));
        station.choose(1);
        station.press(Qt::Key_F4);
        QVERIFY(station.tile(1).look == TileLook::Running);
    }

    void anUploadThatCannotConnectDegradesTheStationOnly()
    {
        const ::enroll::station::SlotBoard board(std::vector{enrollment::SlotNumber{1}});
        const UploadState offline{makeError(CloudCode::Unreachable, "refused"),
                                  QDateTime(QDate(2026, 11, 23), QTime(9, 14))};
        const auto condition = stationCondition(board, std::nullopt, {offline});
        QVERIFY(condition.state == StationCondition::State::Degraded);
        QCOMPARE(condition.reason, QStringLiteral("U-503 since 09:14: ") + headlineText(*offline.trouble));
    }
};

QTEST_MAIN(RunScreenTest)
#include "tst_run_screen.moc"
