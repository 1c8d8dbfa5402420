#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "tests/ui/run/tile_samples.h"
#include "tests/ui/station_window.h"
#include "ui/run/slot_pane.h"

#include <QAccessible>
#include <QScrollBar>
#include <QSignalSpy>
#include <QWheelEvent>

using namespace enroll;
using namespace enroll::ui;
using namespace std::chrono_literals;
using attestation::Severity;
using attestation::StepOutcome;
using enrollment::SlotNumber;
using test::kPatience;
using test::sampleRun;
using test::stallingDevice;
using test::Station;
using Command = ::enroll::station::Command;

namespace {

SlotPane& paneOf(const Station& station)
{
    return *station.window->findChild<SlotPane*>();
}

const DetailContent& detailOf(const Station& station)
{
    return paneOf(station).detail().content();
}

/// The slot whose detail is open, and is seen.
std::optional<int> openIn(const Station& station)
{
    const auto slot = paneOf(station).openSlot();
    const auto seen = paneOf(station).detail().isVisible();
    return slot && seen && detailOf(station).tile.slot == slot->value ? std::optional{slot->value} : std::nullopt;
}

void waitFor(const Station& station, int slot, TileLook look)
{
    QTRY_VERIFY_WITH_TIMEOUT(station.tile(slot).look == look, kPatience);
}

/// Slot 1 has passed, and no slot is chosen.
void passFirst(Station& station)
{
    station.type(QStringLiteral("GX-000001"));
    station.press(Qt::Key_F4);
    waitFor(station, 1, TileLook::Pass);
}

void click(const Station& station, int slot)
{
    QTest::mouseClick(station.runScreen->grid().tile({slot}), Qt::LeftButton);
}

DetailContent contentWith(std::size_t findings)
{
    auto run = sampleRun(Outcome::Fail, DeviceCode::AttestationWrong, "GX-000185");
    for (const auto step : attestation::kAllSteps) {
        run.steps.push_back({step, StepOutcome::Ok, 300ms, {}});
    }
    run.findings.assign(findings, {"a-finding", Severity::Warning, "Something was noticed of this TPM.", std::nullopt});
    return detailContent(::enroll::station::SlotFinished{run},
                         {{2}, "tcp://127.0.0.1:2321", std::chrono::steady_clock::now()});
}

/// A detail by itself.
struct Shown {
    Shown(const DetailContent& content, const QSize& size)
    {
        detail.resize(size);
        detail.show();
        detail.show(content);
    }
    [[nodiscard]] QScrollBar& scroll() const { return *detail.findChild<QScrollBar*>(); }

    Theme theme{ThemeChoice::Light, {}};
    SlotDetail detail{theme};
};

int alerts = 0;

} // namespace

class SlotDetailTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void f9OpensTheChosenSlotAndClosesIt()
    {
        Station station(4);
        passFirst(station);
        station.choose(3);
        station.press(Qt::Key_F9);
        QCOMPARE(openIn(station), std::optional{3});
        QVERIFY(station.tells(ScanNews::Selected, 3));
        station.press(Qt::Key_F9);
        QVERIFY(!openIn(station));
        QVERIFY(!paneOf(station).isVisible());
    }

    void withoutAChoiceTheLatestResultIsShown()
    {
        Station station(4);
        passFirst(station);
        station.press(Qt::Key_F9);
        QCOMPARE(openIn(station), std::optional{1});
        QVERIFY(detailOf(station).tile.look == TileLook::Pass);
    }

    void withoutAnythingToShowTheBarSaysHowToChoose()
    {
        Station station(4);
        station.type(QStringLiteral("GX-000001"));
        station.press(Qt::Key_F9);
        QVERIFY(station.tells(ScanNews::NoSlotToShow));
        QVERIFY(!openIn(station));
    }

    /// It has its side panel; the detail takes its place.
    void theOnlySlotNeedsNoChoice()
    {
        Station station(1);
        const auto* side = station.window->findChild<SlotSidePanel*>();
        QVERIFY(side->isVisible());
        station.press(Qt::Key_F9);
        QCOMPARE(openIn(station), std::optional{1});
        QVERIFY(!side->isVisible());
        passFirst(station);
        QVERIFY(detailOf(station).tile.look == TileLook::Pass);
        station.press(Qt::Key_F9);
        QVERIFY(side->isVisible());
    }

    void followsItsSlotFromTheSerialToTheResult()
    {
        Station station(2, {}, std::make_shared<std::latch>(1));
        station.choose(1);
        station.press(Qt::Key_F9);
        QVERIFY(detailOf(station).tile.serialRole == SerialRole::Placeholder);
        station.scan(QStringLiteral("GX-000001"));
        QVERIFY(detailOf(station).tile.serialRole == SerialRole::Serial);
        station.press(Qt::Key_F4);
        QVERIFY(detailOf(station).tile.look == TileLook::Running);
        QTRY_VERIFY_WITH_TIMEOUT(station.tile(1).progress && station.tile(1).progress->current == 7, kPatience);
        QVERIFY(detailOf(station).steps.back().line.look == StepLook::Running);
        station.openGate();
        waitFor(station, 1, TileLook::Pass);
        QCOMPARE(openIn(station), std::optional{1});
        for (const auto& step : detailOf(station).steps) {
            QVERIFY2(step.line.look == StepLook::Done, qPrintable(step.line.name));
        }
        const auto& facts = detailOf(station).facts;
        for (const auto fact : {DeviceFact::RegistrationId, DeviceFact::EkDigest, DeviceFact::Issuer}) {
            QVERIFY(std::ranges::count(facts, fact, &FactLine::fact) == 1);
        }
    }

    void aResultThatIsDealtWithIsGoneFromTheDetail()
    {
        Station station(2);
        station.journal.failCommit(makeError(StationCode::JournalCannotSave, "disk full"));
        station.type(QStringLiteral("GX-000001"));
        station.press(Qt::Key_F4);
        waitFor(station, 1, TileLook::Station);
        station.choose(1);
        station.press(Qt::Key_F9);
        QVERIFY(detailOf(station).tile.code == ErrorCode{StationCode::JournalCannotSave});
        station.press(Qt::Key_F8);
        QVERIFY(station.tells(ScanNews::Acknowledged, 1));
        QCOMPARE(openIn(station), std::optional{1});
        QVERIFY(detailOf(station).tile.look == TileLook::Ready);
        QVERIFY(!detailOf(station).tile.code);
    }

    void followsTheChoice()
    {
        Station station(4);
        passFirst(station);
        station.press(Qt::Key_F9);
        station.choose(3);
        QCOMPARE(openIn(station), std::optional{3});
        station.scan(QStringLiteral("SLOT 1"));
        QCOMPARE(openIn(station), std::optional{1});
        QVERIFY(detailOf(station).tile.look == TileLook::Pass);
    }

    /// To look at a result does not give it away.
    void aScanGoesWhereItWouldGoWithoutTheDetail()
    {
        Station station(4);
        passFirst(station);
        station.press(Qt::Key_F9);
        station.scan(QStringLiteral("GX-000002"));
        QVERIFY(station.tells(ScanNews::Ready, 2));
        QCOMPARE(openIn(station), std::optional{1});
        QVERIFY(station.tile(1).look == TileLook::Pass);
        station.choose(4);
        station.scan(QStringLiteral("GX-000004"));
        QVERIFY(station.tells(ScanNews::Ready, 4));
    }

    void commandsAreObeyedWhileItIsOpen()
    {
        Station station(4, stallingDevice);
        station.choose(2);
        station.press(Qt::Key_F9);
        station.scan(QStringLiteral("GX-000002"));
        station.scan(Command::StartAll);
        QVERIFY(detailOf(station).tile.look == TileLook::Running);
        station.scan(Command::Stop);
        QVERIFY(station.tells(ScanNews::StopQuestion, 2));
        station.scan(Command::Undo);
        QCOMPARE(openIn(station), std::optional{2}); // it took the question back
        station.scan(Command::Stop);
        station.readQuestion();
        station.scan(Command::Stop);
        waitFor(station, 2, TileLook::Stopped);
        QVERIFY(detailOf(station).tile.look == TileLook::Stopped);
    }

    void takesNoFocus()
    {
        Station station(4);
        passFirst(station);
        const auto* focus = QApplication::focusWidget();
        station.press(Qt::Key_F9);
        QCOMPARE(QApplication::focusWidget(), focus);
        QTest::mouseClick(&paneOf(station).detail(), Qt::LeftButton);
        station.scan(QStringLiteral("GX-000002"));
        QVERIFY(station.tells(ScanNews::Ready, 2));
    }

    /// The bar said that Esc keeps the result: it does both.
    void escClosesItAndTakesTheChoiceBack()
    {
        Station station(4);
        passFirst(station);
        station.choose(1);
        station.press(Qt::Key_F9);
        station.press(Qt::Key_Escape);
        QVERIFY(!openIn(station));
        QVERIFY(station.tells(ScanNews::Idle));
        station.scan(QStringLiteral("GX-000002"));
        QVERIFY(station.tile(1).look == TileLook::Pass);
    }

    void escLeavesTheSerialInHand()
    {
        Station station(1, stallingDevice, nullptr, "^GX-[0-9]{6}$", enrollment::PairingRule::Insert);
        const auto& board = station.controller->board();
        station.scan(QStringLiteral("GX-000001"));
        QVERIFY(station.tells(ScanNews::InHand));
        station.press(Qt::Key_F9);
        QCOMPARE(openIn(station), std::optional{1});
        station.press(Qt::Key_Escape);
        QVERIFY(!openIn(station));
        QVERIFY(board.inHand().has_value());
        station.press(Qt::Key_Escape);
        QVERIFY(!board.inHand());
    }

    void aTapOnTheChosenTileOpensAndClosesIt()
    {
        Station station(4, stallingDevice);
        click(station, 3);
        QVERIFY(station.tells(ScanNews::TakesNext, 3));
        QVERIFY(!openIn(station));
        click(station, 3);
        QCOMPARE(openIn(station), std::optional{3});
        QVERIFY(station.tells(ScanNews::TakesNext, 3));
        click(station, 3);
        QVERIFY(!openIn(station));
    }

    /// A click starts a slot that has a serial, and its second one, by a hand that is used to double clicks, opens nothing.
    void aTapThatStartsASlotOpensNothing()
    {
        Station station(4, stallingDevice);
        station.type(QStringLiteral("GX-000001"));
        station.choose(1);
        click(station, 1);
        QVERIFY(station.tile(1).look == TileLook::Running);
        QVERIFY(!openIn(station));
        click(station, 1);
        QVERIFY(station.tells(ScanNews::RunsAlready, 1));
        QVERIFY(!openIn(station));
        click(station, 1);
        QCOMPARE(openIn(station), std::optional{1});
        QVERIFY(station.tile(1).look == TileLook::Running);
    }

    void theWindowClosesWhileItIsOpen()
    {
        Station station(2, stallingDevice);
        station.type(QStringLiteral("GX-000001"));
        station.press(Qt::Key_F4);
        station.choose(1);
        station.press(Qt::Key_F9);
        QSignalSpy finished(station.window.get(), &MainWindow::finished);
        station.window->closeUnasked();
        QVERIFY(station.tells(ScanNews::Closing));
        station.press(Qt::Key_F9); // nothing is opened or closed any more
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, kPatience);
    }

    void theTilesAndTheScanBarKeepTheirRoom_data()
    {
        QTest::addColumn<int>("slots");
        for (const int slots : {1, 2, 4, 8, 16}) {
            QTest::newRow(qPrintable(QString::number(slots))) << slots;
        }
    }
    void theTilesAndTheScanBarKeepTheirRoom()
    {
        QFETCH(int, slots);
        Station station(slots);
        const auto bar = station.runScreen->scanBar().geometry();
        passFirst(station);
        station.press(Qt::Key_F9);
        QCOMPARE(openIn(station), std::optional{1});
        QTRY_VERIFY(paneOf(station).width() > 300);
        QCOMPARE(station.runScreen->scanBar().geometry(), bar);
        const auto pane = paneOf(station).geometry();
        QVERIFY(pane.bottom() < bar.top());
        for (const auto slot : station.controller->board().slots()) {
            const auto* tile = station.runScreen->grid().tile(slot);
            QVERIFY(tile->width() >= tile->minimumSizeHint().width());
            QVERIFY(tile->mapTo(station.runScreen, tile->rect().topRight()).x() < pane.left());
        }
        QTRY_VERIFY(!paneOf(station).detail().findChild<QScrollBar*>()->isVisible());
    }

    void whatIsTooMuchCanBeScrolled()
    {
        const Shown few(contentWith(1), {420, 640});
        QVERIFY(!few.scroll().isVisible());
        Shown many(contentWith(30), {420, 640});
        QVERIFY(many.scroll().isVisible());
        QWheelEvent turn({100, 100}, many.detail.mapToGlobal(QPointF{100, 100}), {}, {0, -120}, Qt::NoButton,
                         Qt::NoModifier, Qt::NoScrollPhase, false);
        QApplication::sendEvent(&many.detail, &turn);
        QVERIFY(many.scroll().value() > 0);
        many.detail.rewind();
        QCOMPARE(many.scroll().value(), 0);
        many.detail.pageDown();
        QVERIFY(many.scroll().value() > 0);
        many.detail.pageUp();
        QCOMPARE(many.scroll().value(), 0);
    }

    /// Its tile did already, and what is read from the desk calls nobody.
    void raisesNoAlert()
    {
        Shown shown(contentWith(1), {420, 640});
        QCOMPARE(shown.detail.accessibleDescription(), accessibleText(shown.detail.content()));
        QVERIFY(shown.detail.accessibleName().contains(accessibleText(shown.detail.content().tile)));
        alerts = 0;
        const auto before = QAccessible::installUpdateHandler(
            [](QAccessibleEvent* event) { alerts += event->type() == QAccessible::Alert ? 1 : 0; });
        shown.detail.show(contentWith(3));
        QAccessible::installUpdateHandler(before);
        QCOMPARE(alerts, 0);
    }
};

QTEST_MAIN(SlotDetailTest)
#include "tst_slot_detail.moc"
