#include "tests/ui/keyboard.h"
#include "tests/ui/shell/note_screen.h"
#include "tests/ui/station_window.h"
#include "ui/shell/navigation_tab.h"

#include <QSignalSpy>

using namespace enroll;
using namespace enroll::ui;
using test::kPatience;
using test::NoteScreen;
using test::stallingDevice;
using test::Station;

namespace {

/// The Run screen and one more.
struct TwoScreens {
    TwoScreens() { station.window->add(notes); }

    void pressControl(int key)
    {
        QTest::keyClick(station.window.get(), static_cast<Qt::Key>(key), Qt::ControlModifier);
    }
    void click(std::size_t tab) { QTest::mouseClick(tabs().at(tab), Qt::LeftButton); }
    [[nodiscard]] const std::vector<NavigationTab*>& tabs() const { return station.window->appBar().tabs(); }
    [[nodiscard]] QWidget* shown() const { return station.window->current(); }

    Station station{2, stallingDevice};
    NoteScreen* notes = new NoteScreen(QStringLiteral("Notes"));
};

} // namespace

class ScreenTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void oneScreenNeedsNoNavigation()
    {
        const Station station(2);
        const auto& tabs = station.window->appBar().tabs();
        QCOMPARE(tabs.size(), std::size_t{1});
        QVERIFY(!tabs.front()->isVisible());
        QCOMPARE(station.window->current(), station.runScreen);
    }

    void aSecondScreenIsInTheNavigation()
    {
        TwoScreens two;
        QCOMPARE(two.tabs().size(), std::size_t{2});
        QVERIFY(two.tabs().at(0)->isVisible());
        QCOMPARE(two.tabs().at(1)->text(), two.notes->title());
        QCOMPARE(two.shown(), two.station.runScreen);
        QVERIFY(two.tabs().at(0)->isChecked());
    }

    void theBarBeginsWhereTheTilesDo()
    {
        TwoScreens two;
        auto& window = *two.station.window;
        const auto* tile = two.station.runScreen->grid().tile({1});
        const auto left = tile->mapTo(&window, tile->frame().topLeft().toPoint()).x();
        const auto image = window.appBar().grab().toImage();
        const auto isEmpty = [&image](int x) { // the last row is the line below the bar
            for (int y = 0; y < image.height() - 1; ++y) {
                if (image.pixel(x, y) != image.pixel(0, 0)) {
                    return false;
                }
            }
            return true;
        };
        int first = 0;
        while (first < image.width() && isEmpty(first)) {
            ++first;
        }
        QVERIFY2(std::abs(first - left) <= 2, qPrintable(QStringLiteral("%1, %2").arg(first).arg(left)));
    }

    void aKeySwitches()
    {
        TwoScreens two;
        two.pressControl(Qt::Key_2);
        QCOMPARE(two.shown(), two.notes);
        QVERIFY(two.tabs().at(1)->isChecked());
        QCOMPARE(two.station.window->appBar().content().caption.subject, two.notes->title());
        two.pressControl(Qt::Key_1);
        QCOMPARE(two.shown(), two.station.runScreen);
        QVERIFY(!two.tabs().at(1)->isChecked());
    }

    void aClickSwitches()
    {
        TwoScreens two;
        two.click(1);
        QCOMPARE(two.shown(), two.notes);
        two.click(0);
        QCOMPARE(two.shown(), two.station.runScreen);
    }

    void theScreenThatIsShownOwnsItsKeys()
    {
        TwoScreens two;
        two.station.type(QStringLiteral("GX-000183"));
        two.click(1);
        two.station.press(Qt::Key_F4);
        QCOMPARE(two.notes->lines, 1);
        QVERIFY(two.station.tile(1).look == TileLook::Ready);
        two.click(0);
        two.station.press(Qt::Key_F4);
        QCOMPARE(two.notes->lines, 1);
        QVERIFY(two.station.tile(1).look == TileLook::Running);
    }

    void aKeyThatIsHeldDownIsOneWish()
    {
        TwoScreens two;
        two.click(1);
        test::Keyboard{}.holdShortcut(Qt::Key_F4, 3);
        QCOMPARE(two.notes->lines, 1);
    }

    void noScreenClaimsAKeyOfTheWindow()
    {
        TwoScreens two;
        const auto own = MainWindow::ownKeys();
        for (const auto& key : two.station.runScreen->keys()) {
            QVERIFY(std::ranges::find(own, key.keys) == own.end());
        }
    }

    void aScanGoesToTheScreenThatIsShown()
    {
        TwoScreens two;
        two.pressControl(Qt::Key_2);
        QTest::keyClicks(QApplication::focusWidget(), QStringLiteral("GX-000183"));
        QCOMPARE(two.notes->text(), QStringLiteral("GX-000183"));
        QVERIFY(two.station.entry()->text().isEmpty());
    }

    void aScanIsTakenWhileATabHasTheFocus()
    {
        TwoScreens two;
        two.tabs().at(1)->setFocus();
        QTest::keyClicks(two.tabs().at(1), QStringLiteral("G"));
        QCOMPARE(two.station.entry()->text(), QStringLiteral("G"));
        QVERIFY(two.station.entry()->hasFocus());
        two.pressControl(Qt::Key_2);
        two.tabs().at(1)->setFocus();
        QTest::keyClicks(two.tabs().at(1), QStringLiteral("N"));
        QCOMPARE(two.notes->text(), QStringLiteral("N"));
    }

    void typingBeginsOnTheScreenThatIsChosen()
    {
        TwoScreens two;
        two.click(1);
        QVERIFY(two.notes->hasFocus());
        two.click(0);
        QVERIFY(two.station.entry()->hasFocus());
    }

    void onlyTheScreenThatIsShownIsRefreshed()
    {
        TwoScreens two;
        two.station.window->refresh();
        QCOMPARE(two.notes->refreshed, 0);
        two.click(1);
        QCOMPARE(two.notes->refreshed, 1);
        two.station.window->refresh();
        QCOMPARE(two.notes->refreshed, 2);
    }

    void theRunScreenAsksForItsValuesWhenItIsShown()
    {
        TwoScreens two;
        two.click(1);
        QSignalSpy wanted(two.station.runScreen, &RunScreen::journalWanted);
        two.click(0);
        QCOMPARE(wanted.size(), 1);
    }

    void whatRunsGoesOnWhileAnotherScreenIsShown()
    {
        TwoScreens two;
        two.station.type(QStringLiteral("GX-000183"));
        two.station.press(Qt::Key_F4);
        two.click(1);
        two.station.press(Qt::Key_Escape);
        QVERIFY(!two.station.controller->idle());
        two.station.controller->stop({1});
        QTRY_VERIFY_WITH_TIMEOUT(two.station.tile(1).look == TileLook::Stopped, kPatience);
    }

    void theWindowClosesWhenEveryScreenIsIdle()
    {
        TwoScreens two;
        two.notes->beginWork();
        two.station.type(QStringLiteral("GX-000183"));
        two.station.press(Qt::Key_F4);
        QSignalSpy finished(two.station.window.get(), &MainWindow::finished);
        two.station.window->closeUnasked();
        QCOMPARE(two.notes->stopped, 1);
        QTRY_VERIFY_WITH_TIMEOUT(two.station.controller->idle(), kPatience);
        QCOMPARE(finished.size(), 0);
        two.click(1); // nobody goes elsewhere any more
        QCOMPARE(two.shown(), two.station.runScreen);
        two.notes->endWork();
        QCOMPARE(finished.size(), 1);
    }
};

QTEST_MAIN(ScreenTest)
#include "tst_screen.moc"
