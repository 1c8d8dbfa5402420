#include "core/base/device_code.h"
#include "core/base/scan_code.h"
#include "core/base/station_code.h"
#include "tests/ui/shell/note_screen.h"
#include "tests/ui/station_window.h"
#include "ui/model/catalog_text.h"

#include <QShortcut>

#include <algorithm>

using namespace enroll;
using namespace enroll::ui;
using test::kPatience;
using test::NoteScreen;
using test::Station;

namespace {

HelpCard& helpOf(const Station& station)
{
    return station.window->help();
}

/// The code that the open card explains.
std::optional<ErrorCode> explains(const Station& station)
{
    const auto& topic = helpOf(station).content().topic;
    return helpOf(station).isVisible() && topic ? std::optional{topic->code} : std::nullopt;
}

void pressKeyList(const Station& station)
{
    QTest::keyClick(station.window.get(), Qt::Key_Question, Qt::ControlModifier);
}

/// Slot 1 shows a result with a code.
void failFirst(Station& station)
{
    station.journal.failCommit(makeError(StationCode::JournalCannotSave, "disk full"));
    station.type(QStringLiteral("GX-000001"));
    station.press(Qt::Key_F4);
    QTRY_VERIFY_WITH_TIMEOUT(station.tile(1).look == TileLook::Station, kPatience);
}

bool lists(const Station& station, const QKeySequence& keys)
{
    const auto& lines = helpOf(station).content().keys;
    return std::ranges::find(lines, keys, &KeyLine::keys) != lines.end();
}

} // namespace

class HelpCardTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void namesEveryKeyOfTheScreenAndNoOther()
    {
        Station station(2);
        pressKeyList(station);
        for (const auto& key : station.runScreen->keys()) {
            QVERIFY2(lists(station, key.keys), qPrintable(key.keys.toString()));
        }
        const auto shortcuts = station.window->findChildren<QShortcut*>();
        const QKeySequence ofTiles{Qt::Key_Left, Qt::Key_Right, Qt::Key_Up, Qt::Key_Down};
        for (const auto& line : helpOf(station).content().keys) {
            const auto works = [&line](const QShortcut* shortcut) { return shortcut->key() == line.keys; };
            QVERIFY2(std::ranges::any_of(shortcuts, works) || line.keys == ofTiles, qPrintable(line.keys.toString()));
            QVERIFY2(!line.title.isEmpty(), qPrintable(line.keys.toString()));
        }
        QVERIFY(!lists(station, QKeySequence(Qt::CTRL | Qt::Key_1))); // there is no other screen
    }

    void namesTheKeysOfTheScreenThatIsShown()
    {
        Station station(2);
        station.window->add(new NoteScreen(QStringLiteral("Notes")));
        pressKeyList(station);
        QVERIFY(lists(station, QKeySequence(Qt::Key_F9)));
        QVERIFY(lists(station, QKeySequence(Qt::CTRL | Qt::Key_2)));
        station.window->showScreen(1);
        QVERIFY(!lists(station, QKeySequence(Qt::Key_F9)));
        QVERIFY(lists(station, QKeySequence(Qt::Key_F4)));
    }

    void f1ExplainsTheCodeOfTheChosenSlot()
    {
        Station station(2);
        failFirst(station);
        station.choose(1);
        station.press(Qt::Key_F1);
        QVERIFY(explains(station) == ErrorCode{StationCode::JournalCannotSave});
        station.press(Qt::Key_F1);
        QVERIFY(!helpOf(station).isVisible());
        pressKeyList(station);
        QVERIFY(helpOf(station).isVisible());
        QVERIFY(!explains(station));
    }

    void f1ExplainsWhatTheDetailShows()
    {
        Station station(2);
        failFirst(station);
        station.press(Qt::Key_F9);
        station.type(QStringLiteral("4006381333931"));
        station.press(Qt::Key_F1);
        QVERIFY(explains(station) == ErrorCode{StationCode::JournalCannotSave});
    }

    void f1ExplainsWhatTheScanBarRefused()
    {
        Station station(2);
        failFirst(station);
        station.type(QStringLiteral("4006381333931"));
        station.press(Qt::Key_F1);
        QVERIFY(explains(station) == ErrorCode{ScanCode::NotASerialNumber});
        QCOMPARE(helpOf(station).content().topic->headline, station.message().headline);
    }

    void withoutACodeTheKeysAreListed()
    {
        Station station(2);
        station.press(Qt::Key_F1);
        QVERIFY(helpOf(station).isVisible());
        QVERIFY(!explains(station));
        QVERIFY(lists(station, QKeySequence(Qt::Key_F2)));
    }

    void escClosesTheHelpFirst()
    {
        Station station(2);
        failFirst(station);
        station.choose(1);
        station.press(Qt::Key_F1);
        station.press(Qt::Key_Escape);
        QVERIFY(!helpOf(station).isVisible());
        QVERIFY(station.tells(ScanNews::Selected, 1));
        station.press(Qt::Key_Escape);
        QVERIFY(station.tells(ScanNews::Idle));
    }

    void scansAndKeysGoOn()
    {
        Station station(2);
        const auto* focus = QApplication::focusWidget();
        station.press(Qt::Key_F1);
        QCOMPARE(QApplication::focusWidget(), focus);
        station.scan(QStringLiteral("GX-000001"));
        QVERIFY(station.tells(ScanNews::Ready, 1));
        QVERIFY(helpOf(station).isVisible());
        station.press(Qt::Key_F4);
        QTRY_VERIFY_WITH_TIMEOUT(station.tile(1).look == TileLook::Pass, kPatience);
        QTest::mouseClick(&helpOf(station), Qt::LeftButton);
        QVERIFY(!helpOf(station).isVisible());
        station.scan(QStringLiteral("GX-000002"));
        QVERIFY(station.tells(ScanNews::Ready, 2));
    }

    void givesWayToWhatMustBeSeen_data()
    {
        QTest::addColumn<int>("slot");
        QTest::addColumn<bool>("covered");
        QTest::newRow("a tile beside it") << 1 << false;
        QTest::newRow("a tile below it") << 2 << true;
    }
    void givesWayToWhatMustBeSeen()
    {
        QFETCH(int, slot);
        QFETCH(bool, covered);
        Station station(2);
        station.journal.failCommit(makeError(StationCode::JournalCannotSave, "disk full"));
        station.choose(slot);
        station.press(Qt::Key_F1);
        station.scan(QStringLiteral("GX-000001")); // it says where its device goes
        QCOMPARE(helpOf(station).isVisible(), !covered);
        if (covered) {
            station.press(Qt::Key_F1);
        }
        station.press(Qt::Key_F4);
        QTRY_VERIFY_WITH_TIMEOUT(station.tile(slot).look == TileLook::Station, kPatience);
        QCOMPARE(helpOf(station).isVisible(), !covered);
    }

    void leavesTheScanBarFree_data()
    {
        QTest::addColumn<QSize>("size");
        QTest::newRow("large") << QSize(1920, 1080);
        QTest::newRow("small") << QSize(1280, 800);
        QTest::newRow("full HD at 150 %") << QSize(1280, 720);
        QTest::newRow("full HD at 200 %") << QSize(960, 540);
    }
    void leavesTheScanBarFree()
    {
        QFETCH(QSize, size);
        Station station(2);
        station.window->resize(size);
        station.press(Qt::Key_F1);
        auto& help = helpOf(station);
        const auto& bar = station.runScreen->scanBar();
        const auto end = bar.mapTo(station.window.get(), QPoint()).y();
        QVERIFY(help.geometry().bottom() < end);
        for (const auto& row : allCodes()) { // the window gives the card its place when it fills it
            help.show({HelpTopic{row.code, headlineText(row.code)}, {}});
            QVERIFY2(help.height() < end, qPrintable(codeText(row.code)));
            QVERIFY(help.geometry().right() < station.window->width());
        }
        help.show({{}, station.window->keyLines()});
        QVERIFY(help.height() < end);
    }

    /// A profile made a FAIL of it.
    void aCodeIsExplainedWithWhatItDecided()
    {
        Station station(2);
        auto& help = helpOf(station);
        const ErrorCode code{DeviceCode::EkCertificateMissing};
        help.show({HelpTopic{code, headlineText(code), Outcome::Fail}, {}});
        QVERIFY(help.accessibleDescription().contains(instructionText(code, Outcome::Fail)));
        QVERIFY(!help.accessibleDescription().contains(instructionText(code)));
    }

    void isReadAloud()
    {
        Station station(2);
        station.type(QStringLiteral("4006381333931"));
        station.press(Qt::Key_F1);
        const auto& help = helpOf(station);
        QVERIFY(help.accessibleName().contains(codeText(ErrorCode{ScanCode::NotASerialNumber})));
        QVERIFY(help.accessibleDescription().contains(instructionText(ErrorCode{ScanCode::NotASerialNumber})));
        pressKeyList(station); // the other help, in place of the first
        QVERIFY(help.isVisible() && !help.content().topic && !help.content().keys.empty());
        for (const auto& line : help.content().keys) {
            QVERIFY2(help.accessibleDescription().contains(line.title), qPrintable(line.title));
        }
    }
};

QTEST_MAIN(HelpCardTest)
#include "tst_help_card.moc"
