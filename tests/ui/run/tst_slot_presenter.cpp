#include "tests/ui/station_window.h"
#include "ui/run/slot_pane.h"
#include "ui/run/slot_presenter.h"

using namespace enroll;
using namespace enroll::ui;
using enrollment::SlotNumber;
using test::kPatience;
using test::Station;

namespace {

/// A second view of a station's slots, beside that of its window.
struct View {
    explicit View(const Station& station)
        : grid(station.controller->board().slots(), station.theme),
          pane(station.controller->board().slots(), station.theme), slots(*station.controller, grid, pane)
    {
        slots.showAll();
    }

    [[nodiscard]] const TileContent& tile(int slot) const { return grid.tile({slot})->content(); }

    SlotGrid grid;
    SlotPane pane;
    SlotPresenter slots;
};

} // namespace

class SlotPresenterTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theMarkIsOnOneTile()
    {
        const Station station(3);
        View view(station);
        QVERIFY(view.slots.mark(SlotNumber{1}, {}));
        QVERIFY(!view.slots.mark(SlotNumber{1}, {}));
        QVERIFY(view.tile(1).next);
        QVERIFY(view.slots.mark(SlotNumber{3}, {}));
        QVERIFY(!view.tile(1).next && view.tile(3).next);
        QVERIFY(view.slots.mark({}, {}));
        QVERIFY(!view.tile(3).next);
    }

    void aTileIsAsItsSlotWasWhenItWasShown()
    {
        Station station(2);
        View view(station);
        station.type(QStringLiteral("GX-000181"));
        QVERIFY(view.tile(1).serialRole == SerialRole::Placeholder);
        view.slots.show({1});
        QCOMPARE(view.tile(1).serial, QStringLiteral("GX-000181"));
    }

    void theJournalSaysWhatBecameOfARecord()
    {
        Station station(2);
        View view(station);
        QVERIFY(view.slots.recordsOnShow().empty());
        station.type(QStringLiteral("GX-000181"));
        station.press(Qt::Key_F4);
        QTRY_VERIFY_WITH_TIMEOUT(station.tile(1).look == TileLook::Pass, kPatience);
        const auto& run = std::get<::enroll::station::SlotFinished>(station.controller->board().state({1})).run;
        QVERIFY(view.slots.recordsOnShow() == std::vector{run.runId});
        JournalView journal;
        journal.records[run.runId] = *run.record;
        journal.records[run.runId].state = enrollment::RecordState::Rejected;
        view.slots.takeJournal(journal);
        view.slots.showAll();
        QVERIFY(view.tile(1).look == TileLook::Rejected);
        QVERIFY(view.tile(2).look == TileLook::Ready);
    }

    /// While it runs, its time goes on without an event.
    void aRunMoves()
    {
        Station station(2, test::stallingDevice);
        View view(station);
        station.type(QStringLiteral("GX-000181"));
        station.press(Qt::Key_F4);
        view.slots.show({1});
        const auto before = view.tile(1);
        QTRY_VERIFY_WITH_TIMEOUT(!(view.tile(1) == before), kPatience);
    }
};

QTEST_MAIN(SlotPresenterTest)
#include "tst_slot_presenter.moc"
