#include "core/base/scan_code.h"
#include "core/base/station_code.h"
#include "tests/ui/ruler/ruler_station.h"

using namespace enroll;
using namespace enroll::ui;
using test::RulerStation;

namespace {

constexpr auto kWays = {RulerWay::Length, RulerWay::Ruler, RulerWay::BankCard};

/// What a ruler reads on the desk's screen, for a bar of so many pixels.
QString readingOf(double pixels)
{
    return QString::number(pixels * 527 / 1920, 'f', 1);
}

} // namespace

class RulerScreenTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aReadingIsKeptForTheScreen()
    {
        RulerStation station;
        station.open();
        QVERIFY(station.isOpen() && station.news() == RulerNews::None);
        station.strike(Qt::Key_Return);
        QVERIFY(station.news() == RulerNews::NoLength && station.measured.empty());
        station.write(readingOf(station.draft().bar));
        QVERIFY(station.news() == RulerNews::None);
        station.strike(Qt::Key_Return);
        QVERIFY(station.news() == RulerNews::Kept);
        QCOMPARE(station.measured.size(), std::size_t{1});
        QVERIFY(station.measured.front().screen == test::deskScreen().screen);
        QVERIFY(std::abs(station.measured.front().widthMillimetres - 527) < 1);
        QCOMPARE(station.acts->all.back().millimetres.value_or(0), 527);
        QVERIFY(station.acts->kinds().back() == station::ActKind::ScreenMeasured);
        QVERIFY(station.acts->all.back().screen == "HP E24 G4");
    }

    void aBarThatFitsIsAsGoodAsAReading()
    {
        RulerStation station;
        station.open();
        for (const auto way : {RulerWay::Ruler, RulerWay::BankCard}) {
            station.strike(Qt::Key_Right);
            QVERIFY(station.draft().way == way);
            const auto began = station.draft().bar;
            station.write(QStringLiteral("++-+"));
            QCOMPARE(station.draft().bar, began + 2);
            station.strike(Qt::Key_PageDown);
            station.strike(Qt::Key_Up);
            QCOMPARE(station.draft().bar, began - 7);
            station.strike(Qt::Key_Return);
            QVERIFY(station.news() == RulerNews::Kept);
            const auto length = way == RulerWay::Ruler ? kRulerMillimetres : kBankCard.width();
            QCOMPARE(station.measured.back().widthMillimetres, length * 1920 / station.draft().bar);
        }
        station.strike(Qt::Key_Right);
        QVERIFY(station.draft().way == RulerWay::Length);
        station.strike(Qt::Key_Left);
        QVERIFY(station.draft().way == RulerWay::BankCard);
    }

    void whatNoScreenIsWideIsRefused()
    {
        RulerStation station;
        station.open();
        station.write(QStringLiteral("20"));
        station.strike(Qt::Key_Return);
        QVERIFY(station.news() == RulerNews::TooNarrow);
        station.strike(Qt::Key_Backspace);
        QCOMPARE(station.draft().typed, QStringLiteral("2"));
        QVERIFY(station.news() == RulerNews::None);
        station.write(QStringLiteral("999"));
        station.strike(Qt::Key_Return);
        QVERIFY(station.news() == RulerNews::TooWide);
        QVERIFY(station.measured.empty() && station.acts->all.empty());
    }

    void theConfigurationWins()
    {
        RulerStation station;
        auto subject = test::deskScreen();
        subject.configured = 530;
        station.page->showSubject(subject);
        station.open();
        station.write(QStringLiteral("263"));
        station.strike(Qt::Key_Return);
        QVERIFY(station.news() == RulerNews::Fixed && station.measured.empty());
    }

    void anotherScreenIsMeasuredAnew()
    {
        RulerStation station;
        station.open();
        station.write(QStringLiteral("26"));
        auto subject = test::deskScreen();
        subject.measured = 527; // the same screen
        station.page->showSubject(subject);
        QCOMPARE(station.draft().typed, QStringLiteral("26"));
        subject.screen.serial = "CN42";
        subject.measured.reset();
        station.page->showSubject(subject);
        QVERIFY(station.draft().typed.isEmpty());
        QVERIFY(!station.page->state().subject.measured);
    }

    void whatIsNotSavedIsSaid()
    {
        RulerStation station;
        station.open();
        station.page->showNotSaved(makeError(StationCode::FileUnusable, "full"));
        QVERIFY(station.news() == RulerNews::NotSaved);
        QVERIFY(station.page->helpTopic()->code == StationCode::FileUnusable);
    }

    void onlyAnAdministratorMay()
    {
        RulerStation station({.need = station::SignIn::Need::Required});
        station.open();
        QVERIFY(station.news() == RulerNews::NotAllowed);
        QVERIFY(station.page->helpTopic()->code == ScanCode::OperatorMissing);
        station.signIn(test::kAnasBadge); // by a scan, on this page
        QVERIFY(!station.isOpen());
        QCOMPARE(station.who(), std::string{"ana"});
        station.open();
        QVERIFY(station.page->helpTopic()->code == ScanCode::AdministratorMissing);
        station.write(QStringLiteral("263"));
        station.strike(Qt::Key_Return);
        QVERIFY(station.news() == RulerNews::NotAllowed && station.measured.empty());
        QVERIFY(station.acts->kinds().back() != station::ActKind::ScreenMeasured);
    }

    void anAdministratorMay()
    {
        RulerStation station({.need = station::SignIn::Need::BeforeAll});
        QVERIFY(station.isClosed());
        station.open();
        QVERIFY(station.isClosed()); // nothing is shown to nobody
        station.signIn(test::kDansBadge);
        station.open();
        QVERIFY(station.isOpen() && station.news() == RulerNews::None);
        station.write(readingOf(station.draft().bar));
        station.strike(Qt::Key_Return);
        QVERIFY(station.news() == RulerNews::Kept && station.measured.size() == 1);
        QVERIFY(station.acts->all.back().operatorId == test::kDan.id);
    }

    /// Hands that scan are at work: the page goes, and the scan counts where it belongs.
    void aScanIsNotForThisPage()
    {
        for (const auto way : kWays) {
            RulerStation station;
            station.open();
            station.page->choose(way);
            station.keyboard.wait(1000);
            const auto before = station.draft();
            station.scan(QStringLiteral("GX-000183"));
            QVERIFY(!station.isOpen());
            QVERIFY(station.tells(ScanNews::Ready, 1));
            QVERIFY(station.measured.empty());
            station.open();
            QCOMPARE(station.draft().typed, QString());
            QVERIFY(before.typed.isEmpty());
        }
    }

    void digitsOfAScanAreNoReading()
    {
        RulerStation station;
        station.open();
        station.write(QStringLiteral("26"));
        station.scan(QStringLiteral("4006381333931"));
        QVERIFY(!station.isOpen() && station.measured.empty());
        QVERIFY(station.refuses(ScanCode::NotASerialNumber));
    }

    void theStationsScannerIsHeardToo()
    {
        RulerStation station;
        station.open();
        station.page->scanned(QStringLiteral("GX-000183"));
        QVERIFY(!station.isOpen() && station.tells(ScanNews::Ready, 1));
    }

    void buttonsDoWhatKeysDo()
    {
        RulerStation station;
        station.open();
        const auto buttons = station.page->findChildren<FlatButton*>();
        QCOMPARE(buttons.size(), 7);
        for (auto* button : buttons) {
            QVERIFY(!button->accessibleName().isEmpty());
            QVERIFY(station.page->rect().contains(button->geometry()));
        }
        const auto press = [&](const auto& isIt) {
            const auto found = std::ranges::find_if(buttons, isIt);
            QVERIFY(found != buttons.end());
            (*found)->click();
        };
        const auto began = station.draft().bar;
        press([](const FlatButton* button) { return button->text() == QLatin1String("-"); });
        QCOMPARE(station.draft().bar, began - 1);
        press([](const FlatButton* button) { return button->text() == wayText(RulerWay::BankCard); });
        QVERIFY(station.draft().way == RulerWay::BankCard);
    }

    /// Whatever the size of the window: the bar and every button are on it.
    void everythingFits()
    {
        for (const QSize size :
             {QSize(960, 540), QSize(1024, 768), QSize(1280, 800), QSize(1920, 1080), QSize(3840, 2160)}) {
            RulerStation station;
            station.open();
            station.window->resize(size);
            QTRY_COMPARE_WITH_TIMEOUT(station.page->size(), size, test::kPatience);
            for (const auto way : kWays) {
                station.page->choose(way);
                QVERIFY(station.draft().bar > 0 && station.draft().bar < size.width());
            }
            for (const auto* button : station.page->findChildren<FlatButton*>()) {
                QVERIFY(station.page->rect().contains(button->geometry()));
            }
        }
    }
};

QTEST_MAIN(RulerScreenTest)
#include "tst_ruler_screen.moc"
