#include "core/base/cloud_code.h"
#include "core/base/error_code.h"
#include "ui/shell/app_bar.h"
#include "ui/shell/navigation_tab.h"

#include <QMenu>
#include <QSignalSpy>
#include <QTest>

using namespace enroll::ui;
using State = StationCondition::State;

namespace {

const QStringList kFive{QStringLiteral("Run"), QStringLiteral("Review"), QStringLiteral("Upload"),
                        QStringLiteral("Station"), QStringLiteral("Settings")};
/// As long as another language may make them.
const QStringList kLong{QStringLiteral("Pr\u00fcfplatz"), QStringLiteral("Pr\u00fcfprotokolle"),
                        QStringLiteral("\u00dcbertragung"), QStringLiteral("Stationszustand"),
                        QStringLiteral("Einstellungen")};

AppBarContent content(State state)
{
    AppBarContent content;
    content.station = QStringLiteral("ST-07");
    content.line = QStringLiteral("Line 4");
    content.caption = {QStringLiteral("Gateway-X rev C"), QStringLiteral("Software TPMs allowed"),
                       CountedWords{189, QStringLiteral("devices tested today")}};
    content.condition.state = state;
    if (state != State::Ready) {
        content.condition.reason = QStringLiteral("U-503 No connection to the cloud since 09:14");
    }
    content.queued = 312;
    content.clock = QStringLiteral("14:05");
    return content;
}

struct Shown {
    Shown(const QStringList& titles, int width, State state, const Caption& caption = content(State::Ready).caption)
    {
        for (const auto& title : titles) {
            bar.addTab(title);
        }
        bar.setCurrent(0);
        bar.setScale(ScreenScale({width, 600}, {}));
        bar.resize(width, bar.height());
        auto shown = content(state);
        shown.caption = caption;
        bar.show(shown);
        bar.QWidget::show();
    }

    /// Every tab that can be seen, from the left.
    [[nodiscard]] std::vector<const NavigationTab*> visible() const
    {
        std::vector<const NavigationTab*> seen;
        for (const auto* tab : bar.tabs()) {
            if (tab->isVisible()) {
                seen.push_back(tab);
            }
        }
        if (bar.more().isVisible()) {
            seen.push_back(&bar.more());
        }
        return seen;
    }

    Theme theme{ThemeChoice::Light, {}};
    AppBar bar{theme};
};

} // namespace

class AppBarTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    /// Its two ends tell a long number from others, and the station's condition has room beside it.
    void theWorkOrderStandsBesideTheStation()
    {
        for (const auto& number : {QStringLiteral("WO-4711"), QString(64, QLatin1Char('W'))}) {
            for (const int width : {1024, 1280, 1920}) {
                auto caption = content(State::Ready).caption;
                caption.order = number;
                caption.orderRemark = QStringLiteral("from before the restart");
                const Shown shown({QStringLiteral("Run")}, width, State::Degraded, caption);
                QVERIFY(shown.bar.accessibleName().contains(number));
                QVERIFY(shown.bar.accessibleName().contains(caption.orderRemark));
                QVERIFY(shown.bar.conditionArea().left() > 0 && shown.bar.conditionArea().right() <= width);
            }
        }
    }

    /// Their name is on every run: what says less gives way.
    void whoIsSignedInStandsInEveryWindow()
    {
        for (const int width : {960, 1024, 1280, 1440, 1920}) {
            for (const auto state : {State::Ready, State::Degraded}) {
                auto caption = content(State::Ready).caption;
                caption.order = QStringLiteral("WO-4711");
                caption.person = QStringLiteral("Ana M.");
                caption.role = QStringLiteral("technician");
                const Shown shown({QStringLiteral("Run")}, width, state, caption);
                const auto name = shown.bar.personShown();
                QVERIFY2(width < 1280 ? name.startsWith(QLatin1String("Ana")) : name == caption.person,
                         qPrintable(name));
                QVERIFY(shown.bar.conditionArea().left() > 0 && shown.bar.conditionArea().right() <= width);
            }
        }
        QCOMPARE(Shown({QStringLiteral("Run")}, 960, State::Ready).bar.personShown(), QString());
    }

    void aLinePartsTheTabsFromWhatTheScreenSays()
    {
        const auto linesBehindTabs = [](const Caption& caption) {
            Shown shown(kFive, 1920, State::Ready, caption);
            const auto image = shown.bar.grab().toImage();
            const auto end = shown.visible().back()->geometry().right();
            int lines = 0;
            for (int x = end; x < end + 4; ++x) {
                lines += image.pixelColor(x, image.height() / 2) == shown.theme.tokens().line ? 1 : 0;
            }
            return lines;
        };
        QCOMPARE(linesBehindTabs(content(State::Ready).caption), 1);
        QCOMPARE(linesBehindTabs({}), 0);
    }

    void tabsNeverCoverTheCondition_data()
    {
        QTest::addColumn<QStringList>("titles");
        QTest::addColumn<int>("width");
        QTest::addColumn<int>("state");
        for (const auto width : {960, 1024, 1280, 1920}) {
            for (const auto state : {State::Ready, State::Degraded, State::Stopped}) {
                const auto number = static_cast<int>(state);
                QTest::addRow("five, %d, state %d", width, number) << kFive << width << number;
                QTest::addRow("long, %d, state %d", width, number) << kLong << width << number;
            }
        }
    }
    void tabsNeverCoverTheCondition()
    {
        QFETCH(QStringList, titles);
        QFETCH(int, width);
        QFETCH(int, state);
        const Shown shown(titles, width, static_cast<State>(state));
        auto end = 0.0;
        for (const auto* tab : shown.visible()) {
            QVERIFY(tab->x() >= end);
            end = tab->geometry().right() + 1;
        }
        const auto condition = shown.bar.conditionArea();
        QVERIFY2(condition.left() >= end, qPrintable(QString::number(condition.left() - end)));
        QVERIFY(condition.right() <= shown.bar.width());
        const auto words = shown.bar.conditionShown();
        if (static_cast<State>(state) == State::Ready) {
            QVERIFY2(!words.endsWith(QChar(0x2026)), qPrintable(words));
        } else {
            QVERIFY2(words.contains(QLatin1String("U-503")), qPrintable(words));
        }
    }

    void fiveTabsAreAllInTheSmallestWindow()
    {
        const Shown shown(kFive, 960, State::Ready, Caption{QStringLiteral("Gateway-X rev C"), {}, {}});
        QCOMPARE(shown.visible().size(), std::size_t{5});
        QVERIFY(!shown.bar.more().isVisible());
        QVERIFY(shown.bar.conditionArea().left() > shown.bar.tabs().back()->geometry().right());
    }

    void aWideWindowFoldsNothingAndCutsNothing()
    {
        const Shown shown(kLong, 1920, State::Degraded);
        QCOMPARE(shown.visible().size(), std::size_t{5});
        QVERIFY(shown.bar.conditionShown().endsWith(content(State::Degraded).condition.reason));
    }

    void aFoldedScreenIsChosenFromTheMenu()
    {
        Shown shown(kLong, 960, State::Degraded);
        QVERIFY(shown.bar.more().isVisible());
        QVERIFY(!shown.bar.tabs().back()->isVisible());
        QSignalSpy chosen(&shown.bar, &AppBar::chosen);
        QTest::mouseClick(&shown.bar.more(), Qt::LeftButton);
        QCOMPARE(chosen.size(), 0);
        QVERIFY(!shown.bar.more().isChecked()); // opening the menu shows no other screen
        const auto folded = shown.bar.menu().actions();
        QCOMPARE(folded.back()->text(), kLong.back());
        folded.back()->trigger();
        QCOMPARE(chosen.size(), 1);
        QCOMPARE(chosen.front().front().toInt(), 4);
    }

    void tabsStandStillWhateverIsSaidBesideThem()
    {
        Shown shown(kFive, 960, State::Ready);
        const auto places = [&shown] {
            std::vector<QRect> all;
            for (const auto* tab : shown.visible()) {
                all.push_back(tab->geometry());
            }
            return all;
        };
        const auto before = places();
        shown.bar.show(content(State::Degraded));
        QVERIFY(places() == before);
        auto another = content(State::Ready);
        another.caption = {}; // of another screen
        shown.bar.show(another);
        QVERIFY(places() == before);
    }

    void theMenuIsMarkedWhileItHoldsTheScreenThatIsShown()
    {
        Shown shown(kLong, 960, State::Degraded);
        shown.bar.setCurrent(4);
        QVERIFY(shown.bar.more().isChecked());
        shown.bar.setCurrent(0);
        QVERIFY(!shown.bar.more().isChecked());
    }

    void aWiderWindowUnfolds()
    {
        Shown shown(kLong, 960, State::Degraded);
        shown.bar.resize(1920, shown.bar.height());
        QCOMPARE(shown.visible().size(), std::size_t{5});
    }
};

QTEST_MAIN(AppBarTest)
#include "tst_app_bar.moc"
