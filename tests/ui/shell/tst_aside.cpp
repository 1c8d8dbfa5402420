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

/// A screen that takes Escape by itself would not be left by it.
class Page final : public Screen {
public:
    Page() { setFocusPolicy(Qt::StrongFocus); }
    [[nodiscard]] QString title() const override { return QStringLiteral("page"); }
    [[nodiscard]] std::vector<ScreenKey> keys() override { return {}; }
    void refresh() override {}
    void scanned(const Result<QString>& code) override { read = code.ok() ? *code : QString{}; }
    void typed(QKeyEvent& event) override { text += event.text(); }

    QString read;
    QString text;
};

struct House {
    House()
        : window(theme, {QStringLiteral("ST-07"), {}, {}}), first(new NoteScreen(QStringLiteral("first"))),
          door(new NoteScreen(QStringLiteral("door"))), page(new Page)
    {
        window.add(first);
        window.addEntrance(door);
        window.addAside(page);
        window.show();
        window.activateWindow();
        [this] { QTRY_VERIFY_WITH_TIMEOUT(window.isActiveWindow(), kPatience); }();
    }
    void press(int key, Qt::KeyboardModifiers modifiers = {})
    {
        QTest::keyClick(&window, static_cast<Qt::Key>(key), modifiers);
    }
    [[nodiscard]] bool shows(const Screen* screen) const { return window.current() == screen && screen->isVisible(); }
    [[nodiscard]] int linesFor(int key)
    {
        return static_cast<int>(std::ranges::count(window.keyLines(), QKeySequence(key), &KeyLine::keys));
    }

    Theme theme{ThemeChoice::Light, {}};
    MainWindow window;
    NoteScreen* first;
    NoteScreen* door;
    Page* page;
};

} // namespace

class AsideTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void itsKeyShowsItAndLeavesIt()
    {
        House house;
        QCOMPARE(house.linesFor(Qt::Key_F12), 1);
        house.press(Qt::Key_F12);
        QVERIFY(house.shows(house.page) && !house.window.appBar().isVisible() && house.page->hasFocus());
        QCOMPARE(house.linesFor(Qt::Key_F12), 1);
        house.press(Qt::Key_F4);
        QCOMPARE(house.first->lines, 0);
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_X);
        QCOMPARE(house.page->text, QStringLiteral("x"));
        house.press(Qt::Key_F12);
        QVERIFY(house.shows(house.first) && house.window.appBar().isVisible() && house.first->hasFocus());
    }

    void escapeLeavesIt()
    {
        House house;
        house.press(Qt::Key_F12);
        house.press(Qt::Key_Question, Qt::ControlModifier);
        QVERIFY(house.window.help().isVisible());
        house.press(Qt::Key_Escape); // what lies on top goes first
        QVERIFY(house.shows(house.page) && !house.window.help().isVisible());
        house.press(Qt::Key_Escape);
        QVERIFY(house.shows(house.first));
    }

    void anotherScreenTakesItsPlace()
    {
        House house;
        house.press(Qt::Key_F12);
        house.press(Qt::Key_1, Qt::ControlModifier);
        QVERIFY(house.shows(house.first));
    }

    void aClosedEntranceEndsItAndKeepsItClosed()
    {
        House house;
        house.press(Qt::Key_F12);
        house.window.setEntrance(Entrance::Closed);
        QVERIFY(house.shows(house.door));
        QCOMPARE(house.linesFor(Qt::Key_F12), 0);
        house.press(Qt::Key_F12);
        QVERIFY(house.shows(house.door));
        house.window.setEntrance(Entrance::Open);
        QVERIFY(house.shows(house.first));
    }

    void itStaysWhileTheEntranceIsOpen()
    {
        House house;
        house.press(Qt::Key_F12);
        house.window.setEntrance(Entrance::Open); // nothing new
        QVERIFY(house.shows(house.page));
    }

    /// Who asks whether to close asks on another screen.
    void aCloseEndsItFirst()
    {
        House house;
        house.first->beginWork();
        house.press(Qt::Key_F12);
        QVERIFY(!house.window.close());
        QVERIFY(house.shows(house.first));
        house.press(Qt::Key_F12); // the window closes by then
        QVERIFY(house.shows(house.first));
        house.first->endWork();
        QVERIFY(!house.window.isVisible());
    }
};

QTEST_MAIN(AsideTest)
#include "tst_aside.moc"
