#include "tests/ui/shell/note_screen.h"
#include "ui/shell/main_window.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QSignalSpy>
#include <QTest>

using namespace enroll;
using namespace enroll::ui;
using test::NoteScreen;
using Entrance = MainWindow::Entrance;

namespace {

constexpr int kPatience = 20'000;

/// A window of two screens, and what is shown at its entrance.
struct House {
    House()
        : window(theme, {QStringLiteral("ST-07"), {}, {}}), first(new NoteScreen(QStringLiteral("first"))),
          second(new NoteScreen(QStringLiteral("second"))), door(new NoteScreen(QStringLiteral("door")))
    {
        window.add(first);
        window.add(second);
        window.addEntrance(door);
        window.show();
        window.activateWindow();
        [this] { QTRY_VERIFY_WITH_TIMEOUT(window.isActiveWindow(), kPatience); }();
    }
    void press(int key, Qt::KeyboardModifiers modifiers = {})
    {
        QTest::keyClick(&window, static_cast<Qt::Key>(key), modifiers);
    }
    [[nodiscard]] bool shows(const NoteScreen* screen) const
    {
        return window.current() == screen && screen->isVisible();
    }

    Theme theme{ThemeChoice::Light, {}};
    MainWindow window;
    NoteScreen* first;
    NoteScreen* second;
    NoteScreen* door;
};

} // namespace

class EntranceTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aClosedEntranceIsAllThatIsSeen()
    {
        House house;
        QVERIFY(house.shows(house.first) && house.window.entrance() == Entrance::Open);
        house.window.setEntrance(Entrance::Closed);
        QVERIFY(house.shows(house.door) && !house.first->isVisible() && !house.window.appBar().isVisible());
        QVERIFY(house.door->hasFocus());
        house.window.setEntrance(Entrance::Open);
        QVERIFY(house.shows(house.first) && house.window.appBar().isVisible());
        QVERIFY(house.first->hasFocus());
    }

    void itsKeysAreTheOnlyOnes()
    {
        House house;
        house.window.setEntrance(Entrance::Closed);
        house.press(Qt::Key_F4);
        QCOMPARE(house.door->lines, 1);
        QCOMPARE(house.first->lines, 0);
        house.press(Qt::Key_2, Qt::ControlModifier);
        QVERIFY(house.shows(house.door));
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_X);
        QCOMPARE(house.door->text(), QStringLiteral("x"));
        for (const auto& line : house.window.keyLines()) {
            QVERIFY(line.title != house.first->title() && line.title != house.second->title());
        }
        house.window.setEntrance(Entrance::Open);
        QVERIFY(house.shows(house.first)); // Ctrl+2 was no wish for later
        QVERIFY(house.first->text().isEmpty());
    }

    void aScreenIsUpToDateWhenItIsSeen()
    {
        House house;
        house.window.setEntrance(Entrance::Closed);
        const auto before = house.first->refreshed;
        QVERIFY(house.door->refreshed > 0);
        house.window.refresh();
        QCOMPARE(house.first->refreshed, before);
        house.window.setEntrance(Entrance::Open);
        QCOMPARE(house.first->refreshed, before + 1);
    }

    void helpThatSpeaksOfWhatIsGoneCloses()
    {
        House house;
        house.press(Qt::Key_F1);
        QVERIFY(house.window.help().isVisible());
        house.window.setEntrance(Entrance::Closed);
        QVERIFY(!house.window.help().isVisible());
        Q_EMIT house.door->helpWanted();
        QVERIFY(house.window.help().isVisible());
    }

    /// Who is there decides; what goes on behind it ends as always.
    void closingEndsTheWorkOfEveryScreen()
    {
        House house;
        house.first->beginWork();
        house.window.setEntrance(Entrance::Closed);
        QSignalSpy finished(&house.window, &MainWindow::finished);
        house.window.close();
        QCOMPARE(house.first->stopped + house.second->stopped + house.door->stopped, 3);
        QVERIFY(house.window.isVisible());
        house.window.setEntrance(Entrance::Open); // too late for any change
        QVERIFY(house.shows(house.door));
        house.first->endWork();
        QVERIFY(!house.window.isVisible());
        QCOMPARE(finished.size(), 1);
    }
};

QTEST_MAIN(EntranceTest)
#include "tst_entrance.moc"
