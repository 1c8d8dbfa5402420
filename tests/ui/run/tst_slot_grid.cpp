#include "core/base/device_code.h"
#include "core/base/hold_code.h"
#include "tests/ui/run/tile_samples.h"
#include "tests/ui/station_window.h"
#include "ui/run/page_tab.h"

#include <QSignalSpy>

using namespace enroll;
using namespace enroll::ui;
using test::kPatience;
using test::sampleRun;
using test::Station;

namespace {

constexpr QSize kEight{1322, 580};

/// Sixteen slots of which eight can be read at once.
struct Pages {
    Pages() : theme(ThemeChoice::Light, {})
    {
        std::vector<enrollment::SlotNumber> numbers;
        for (int slot = 1; slot <= 16; ++slot) {
            numbers.push_back({slot});
        }
        grid = std::make_unique<SlotGrid>(numbers, theme);
        grid->resize(kEight);
        grid->QWidget::show();
        for (const auto slot : numbers) {
            show(slot.value, station::SlotEmpty{});
        }
    }

    void show(int slot, const station::SlotState& state) const
    {
        grid->tile({slot})->show(tileContent(state, {{slot}, "tcp://h:1", std::chrono::steady_clock::now()}));
    }
    [[nodiscard]] const PageTab& tab(int page) const { return *grid->tabs()[static_cast<std::size_t>(page)]; }
    [[nodiscard]] QList<int> visible() const
    {
        QList<int> seen;
        for (int slot = 1; slot <= 16; ++slot) {
            if (grid->tile({slot})->isVisible()) {
                seen << slot;
            }
        }
        return seen;
    }

    Theme theme;
    std::unique_ptr<SlotGrid> grid;
};

station::SlotState failed()
{
    return station::SlotFinished{sampleRun(Outcome::Fail, DeviceCode::AttestationWrong, "GX-000185")};
}

station::SlotState held()
{
    return station::SlotFinished{sampleRun(Outcome::Hold, HoldCode::EkEnrolledElsewhere, "GX-000186")};
}

} // namespace

class SlotGridTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aTabForEachPage()
    {
        const Pages pages;
        QCOMPARE(pages.grid->plan().pages, 2);
        QCOMPARE(pages.visible(), (QList<int>{1, 2, 3, 4, 5, 6, 7, 8}));
        QVERIFY(pages.tab(0).isVisible() && pages.tab(0).isChecked());
        QVERIFY(pages.tab(1).isVisible() && !pages.tab(1).isChecked());
        QVERIFY(!pages.tab(2).isVisible());
        QCOMPARE(pages.tab(1).note().first, 9);
        QCOMPARE(pages.tab(1).note().last, 16);
        pages.grid->showPage(1);
        QCOMPARE(pages.visible(), (QList<int>{9, 10, 11, 12, 13, 14, 15, 16}));
        QVERIFY(pages.tab(1).isChecked());
        pages.grid->showPage(7);
        QCOMPARE(pages.grid->page(), 1);
        pages.grid->showPage(-1);
        QCOMPARE(pages.grid->page(), 0);
    }

    void nothingOverlapsAndNothingIsOutside()
    {
        const Pages pages;
        std::vector<QRect> places{pages.tab(0).geometry(), pages.tab(1).geometry()};
        for (int slot = 1; slot <= 8; ++slot) {
            places.push_back(pages.grid->tile({slot})->geometry());
        }
        for (std::size_t i = 0; i < places.size(); ++i) {
            QVERIFY(pages.grid->rect().contains(places[i]));
            for (std::size_t j = 0; j < i; ++j) {
                QVERIFY(!places[i].intersects(places[j]));
            }
        }
    }

    void aTabSaysHowManyNeedAPersonAndTheWorst()
    {
        const Pages pages;
        QCOMPARE(pages.tab(1).note().waiting, 0);
        pages.show(10, held());
        QCOMPARE(pages.tab(1).note().waiting, 1);
        QVERIFY(pages.tab(1).note().worst == TileLook::Hold);
        pages.show(16, failed());
        QCOMPARE(pages.tab(1).note().waiting, 2);
        QVERIFY(pages.tab(1).note().worst == TileLook::Fail);
        QVERIFY(pages.tab(1).accessibleName().contains(lookWord(TileLook::Fail)));
        QCOMPARE(pages.tab(0).note().waiting, 0);
        pages.show(16, station::SlotEmpty{});
        QVERIFY(pages.tab(1).note().worst == TileLook::Hold);
    }

    void aPageThatNeedsSomebodyHasItsColour()
    {
        const Pages pages;
        const auto colour = [&pages] {
            const auto image = pages.grid->tabs()[1]->grab().toImage();
            return image.pixelColor(image.width() / 2, 6);
        };
        QVERIFY(colour() != pages.theme.tokens().fail.fill);
        pages.show(10, failed());
        QCOMPARE(colour(), pages.theme.tokens().fail.fill);
        pages.grid->showPage(1); // its tile is seen now
        QVERIFY(colour() != pages.theme.tokens().fail.fill);
    }

    void aResultTurnsNoPage()
    {
        const Pages pages;
        const QSignalSpy needed(pages.grid.get(), &SlotGrid::needsPerson);
        pages.show(10, failed());
        QCOMPARE(needed.size(), 1);
        QCOMPARE(pages.grid->page(), 0);
        QVERIFY(pages.grid->seenAt({10}) == &pages.tab(1));
        QVERIFY(pages.grid->seenAt({1}) == pages.grid->tile({1}));
    }

    void thePageFollowsAScanUnlessSomebodyIsNeeded()
    {
        const Pages pages;
        pages.grid->follow({9});
        QCOMPARE(pages.grid->page(), 1);
        pages.grid->follow({3});
        QCOMPARE(pages.grid->page(), 0);
        pages.show(2, failed());
        pages.grid->follow({9});
        QCOMPARE(pages.grid->page(), 0);
        pages.grid->showPageOf({9}); // somebody chose it
        QCOMPARE(pages.grid->page(), 1);
    }

    void aLargerWindowNeedsNoPages()
    {
        const Pages pages;
        pages.grid->showPage(1);
        pages.grid->resize(1890, 880);
        QCOMPARE(pages.grid->plan().pages, 1);
        QCOMPARE(pages.visible().size(), 16);
        QVERIFY(!pages.tab(0).isVisible());
        pages.grid->resize(kEight);
        QCOMPARE(pages.grid->plan().pages, 2);
    }

    void keysTurnPagesAndLeaveTheFocusToTheScanner()
    {
        Station station(32);
        station.window->resize(1024, 768);
        const auto& grid = station.runScreen->grid();
        QVERIFY(grid.plan().pages > 2);
        grid.tile({1})->setFocus();
        station.press(Qt::Key_PageDown);
        QCOMPARE(grid.page(), 1);
        QVERIFY(station.entry()->hasFocus());
        station.press(Qt::Key_PageDown);
        station.press(Qt::Key_PageUp);
        QCOMPARE(grid.page(), 1);
        QTest::mouseClick(grid.tabs()[0], Qt::LeftButton);
        QCOMPARE(grid.page(), 0);
        QVERIFY(station.entry()->hasFocus());
    }

    void everySlotIsSeenBeforeThereIsASize()
    {
        std::vector<enrollment::SlotNumber> slots;
        for (int slot = 1; slot <= 32; ++slot) {
            slots.push_back({slot});
        }
        const Theme theme(ThemeChoice::Light, {});
        const SlotGrid grid(slots, theme);
        for (const auto slot : slots) {
            QVERIFY(grid.seenAt(slot) == grid.tile(slot));
        }
    }

    void arrowsLeadFromTileToTile()
    {
        Station station(16);
        station.window->resize(1920, 1080);
        const auto& grid = station.runScreen->grid();
        QCOMPARE(grid.plan().shape.columns, 4);
        grid.tile({1})->setFocus();
        for (const auto& [key, slot] : {std::pair{Qt::Key_Right, 2},
                                        {Qt::Key_Down, 6},
                                        {Qt::Key_Left, 5},
                                        {Qt::Key_Up, 1},
                                        {Qt::Key_Up, 1},
                                        {Qt::Key_Left, 1}}) {
            QTest::keyClick(QApplication::focusWidget(), key);
            QVERIFY2(grid.tile({slot})->hasFocus(), qPrintable(QApplication::focusWidget()->objectName()));
        }
        station.entry()->setFocus();
        QTest::keyClick(station.entry(), Qt::Key_Right); // the entry's own
        QVERIFY(station.entry()->hasFocus());
    }

    void aScanShowsItsSlot()
    {
        Station station(32);
        station.window->resize(1024, 768);
        const auto& grid = station.runScreen->grid();
        const auto perPage = grid.plan().perPage;
        for (int slot = 1; slot <= perPage; ++slot) {
            station.type(QStringLiteral("GX-%1").arg(slot, 6, 10, QLatin1Char('0')));
            QCOMPARE(grid.page(), 0);
        }
        QVERIFY(grid.tabs()[1]->note().next); // marked before it is scanned for
        station.type(QStringLiteral("GX-000100"));
        QCOMPARE(grid.page(), 1);
        QVERIFY(grid.tile({perPage + 1})->isVisible());
        station.choose(32);
        QCOMPARE(grid.page(), grid.plan().pages - 1);
        QVERIFY(grid.tile({32})->hasFocus());
        station.press(Qt::Key_Escape);
    }

    void aSlotThatIsChosenOnAnotherPageStaysChosen()
    {
        Station station(32);
        station.window->resize(1024, 768);
        station.choose(32);
        QVERIFY(station.runScreen->grid().tile({32})->hasFocus());
        station.choose(3);
        QVERIFY(station.tells(ScanNews::Selected, 3));
        station.type(QStringLiteral("GX-000100"));
        QCOMPARE(station.tile(3).serial, QStringLiteral("GX-000100"));
    }

    void everySlotOfTheLargestFixtureIsTested()
    {
        Station station(32);
        station.fillAll();
        QCOMPARE(station.tile(32).serial, QStringLiteral("GX-000032"));
        station.press(Qt::Key_F4);
        for (int slot = 1; slot <= 32; ++slot) {
            QTRY_VERIFY_WITH_TIMEOUT(
                station.tile(slot).look == TileLook::Pass || station.tile(slot).look == TileLook::Hold, kPatience);
        }
    }

    /// Every size that a window may have: nothing that can be seen is beyond its edges.
    void nothingIsOffTheScreen_data()
    {
        QTest::addColumn<QSize>("size");
        QTest::addColumn<int>("slots");
        for (const auto& size : {QSize{1024, 768}, QSize{1280, 800}, QSize{1366, 768}, QSize{1920, 1080},
                                 QSize{1280, 720}, QSize{960, 540}, QSize{3840, 2160}}) {
            for (const auto slots : {1, 4, 8, 16, 32}) {
                QTest::addRow("%dx%d, %d slots", size.width(), size.height(), slots) << size << slots;
            }
        }
    }
    void nothingIsOffTheScreen()
    {
        QFETCH(QSize, size);
        QFETCH(int, slots);
        Station station(slots);
        station.window->resize(size);
        QCOMPARE(station.window->size(), size); // its least size is smaller
        QCoreApplication::processEvents();
        for (const auto* widget : station.window->findChildren<QWidget*>()) {
            if (widget->isVisible() && widget->parentWidget() != nullptr) {
                const QRect place(widget->mapTo(station.window.get(), QPoint()), widget->size());
                QVERIFY2(station.window->rect().contains(place),
                         qPrintable(QString(QLatin1String(widget->metaObject()->className()) + widget->objectName())));
            }
        }
        const auto& bar = station.runScreen->scanBar();
        QVERIFY(bar.mapTo(station.window.get(), bar.rect().bottomRight()).y() < size.height());
        QVERIFY(!bar.rect().isEmpty());
    }
};

QTEST_MAIN(SlotGridTest)
#include "tst_slot_grid.moc"
