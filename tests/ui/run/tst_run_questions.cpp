#include "core/base/scan_code.h"
#include "tests/ui/keyboard.h"
#include "tests/ui/sensing_station.h"

#include <functional>

using namespace enroll;
using namespace enroll::ui;
using test::SensingStation;
using test::stallingDevice;
using test::Station;
using Command = ::enroll::station::Command;
using Twice = std::function<void(Station&)>;

namespace {

const test::SensingRules kSlotThenSerial{enrollment::PairingRule::SlotThenSerial,
                                         ::enroll::station::SelfStart{enrollment::StartRule::Present}};

/// However busy the machine is, no time goes by for the screen until readQuestion().
void stopClock(const Station& station)
{
    station.runScreen->setClock([now = std::chrono::steady_clock::now()] { return now; });
}

/// The barcode of \p command, by the station's own scanner.
void scanByItself(Station& station, Command command)
{
    station.runScreen->scanned(QString::fromStdString(station.commands.textOf(command)));
}

void addKey(const char* name, Qt::Key key)
{
    QTest::addRow("%s twice", name) << Twice{[key](Station& station) {
        station.press(key);
        station.press(key);
    }};
    QTest::addRow("%s held down", name) << Twice{[key](Station&) { test::Keyboard{}.holdShortcut(key, 3); }};
}

void addCommand(const char* name, Command command)
{
    QTest::addRow("%s twice", name) << Twice{[command](Station& station) {
        station.scan(command);
        station.scan(command);
    }};
    QTest::addRow("%s twice by the station's own scanner", name) << Twice{[command](Station& station) {
        scanByItself(station, command);
        scanByItself(station, command);
    }};
}

void addStops()
{
    QTest::addColumn<Twice>("twice");
    addKey("F7", Qt::Key_F7);
    addCommand("STOP", Command::Stop);
}

bool isStopping(const Station& station)
{
    const auto& progress = station.tile(1).progress;
    return progress && progress->pace == StepPace::Stopping;
}

} // namespace

/// One slip of the hand is one wish: what the second wish would do waits until somebody can have read the bar.
class RunQuestionsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void oneSlipOfTheHandStopsNoTest_data() { addStops(); }
    void oneSlipOfTheHandStopsNoTest()
    {
        QFETCH(const Twice, twice);
        Station station(2, stallingDevice);
        station.scan(QStringLiteral("GX-000181"));
        station.press(Qt::Key_F4);
        stopClock(station);
        twice(station);
        QVERIFY(station.tells(ScanNews::StopQuestion, 1));
        QVERIFY(!isStopping(station));
        station.readQuestion();
        station.press(Qt::Key_F7);
        QVERIFY(station.tells(ScanNews::Stopping, 1));
    }

    void whatTakesASerialOutAsksAboutNoOtherSlot_data() { addStops(); }
    void whatTakesASerialOutAsksAboutNoOtherSlot()
    {
        QFETCH(const Twice, twice);
        Station station(2, stallingDevice);
        station.scan(QStringLiteral("GX-000181"));
        station.press(Qt::Key_F4);
        station.scan(QStringLiteral("GX-000182"));
        station.choose(2);
        stopClock(station);
        twice(station);
        QVERIFY(station.tells(ScanNews::TakenBack, 2));
        QVERIFY(station.tile(1).look == TileLook::Running && !isStopping(station));
        station.readQuestion();
        station.press(Qt::Key_F7);
        QVERIFY(station.tells(ScanNews::StopQuestion, 1));
    }

    /// The label of another device was refused, and the bar asks whether this one is meant.
    void oneSlipOfTheHandAnswersForNoDevice_data()
    {
        QTest::addColumn<Twice>("twice");
        addKey("F4", Qt::Key_F4);
        addCommand("START", Command::Start);
        addCommand("START ALL", Command::StartAll);
        QTest::newRow("a double click") << Twice{[](Station& station) {
            auto* tile = station.runScreen->grid().tile({1});
            QTest::mouseClick(tile, Qt::LeftButton);
            QTest::mouseClick(tile, Qt::LeftButton);
        }};
    }
    void oneSlipOfTheHandAnswersForNoDevice()
    {
        QFETCH(const Twice, twice);
        SensingStation station(1, kSlotThenSerial, {1});
        station.bindDoubted();
        station.scan(QStringLiteral("GX-000182GX-000183"));
        QVERIFY(station.refuses(ScanCode::TwoCodesAsOne));
        stopClock(station);
        twice(station);
        QVERIFY(!station.runs(1) && station.tells(ScanNews::LeftOut, 1));
        station.readQuestion();
        station.press(Qt::Key_F4);
        QVERIFY(station.runs(1));
    }

    /// Whoever chose a slot, or scanned a label, since the question wants something else.
    void whatIsChosenSinceIsAnotherWish()
    {
        Station station(3, stallingDevice);
        stopClock(station);
        station.fillAll();
        for (const int slot : {1, 2}) {
            station.choose(slot);
            station.press(Qt::Key_F7);
            QVERIFY(station.tells(ScanNews::TakenBack, slot));
        }
        station.choose(3);
        station.press(Qt::Key_F4);
        station.press(Qt::Key_F7);
        QVERIFY(station.tells(ScanNews::StopQuestion, 3));
        station.press(Qt::Key_Escape);
        station.press(Qt::Key_F7);
        QVERIFY(station.tells(ScanNews::StopQuestion, 3)); // it is asked anew
    }

    void undoThatIsReadTwiceLeavesTheSerialInHand()
    {
        Station station(2, stallingDevice, nullptr, "^GX-[0-9]{6}$", enrollment::PairingRule::Insert);
        const auto& board = station.controller->board();
        station.scan(QStringLiteral("GX-000181"));
        QVERIFY(board.inHand().has_value());
        station.choose(2);
        stopClock(station);
        station.scan(Command::Undo);
        station.scan(Command::Undo);
        QVERIFY(board.inHand().has_value());
        station.readQuestion();
        station.scan(Command::Undo);
        QVERIFY(!board.inHand());
    }
};

QTEST_MAIN(RunQuestionsTest)
#include "tst_run_questions.moc"
