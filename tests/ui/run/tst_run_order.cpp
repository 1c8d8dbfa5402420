#include "core/base/scan_code.h"
#include "tests/ui/station_window.h"
#include "ui/run/order_messages.h"
#include "ui/run/scan_messages.h"

using namespace enroll;
using namespace enroll::ui;
using test::kPatience;
using test::must;
using test::stallingDevice;
using Command = ::enroll::station::Command;
using Need = ::enroll::station::WorkOrder::Need;

// Work orders, through the path that every scan takes.

namespace {

enrollment::ScannerSettings scanner()
{
    enrollment::ScannerSettings settings;
    settings.patterns.set(enrollment::CodeKind::Batch, must(enrollment::SerialPattern::compile("^WO-[0-9]{4}$")));
    return settings;
}

/// What was told to be kept.
struct Kept final : ::enroll::station::DutyMemory {
    [[nodiscard]] const ::enroll::station::Duty& kept() const noexcept override { return duty; }
    void change(const ::enroll::station::Duty& now) override { duty = now; }
    ::enroll::station::Duty duty;
};

struct Line : test::Station {
    explicit Line(int slots, const ::enroll::station::WorkOrder& order = ::enroll::station::WorkOrder{},
                  const ::enroll::station::DeviceTpmFactory& device = {},
                  enrollment::PairingRule pairing = enrollment::PairingRule::NextSlot)
        : Station(slots, device, nullptr, "^GX-[0-9]{6}$", pairing, {}, scanner(), ThemeChoice::Light,
                  ::enroll::station::SelfStart{enrollment::StartRule::Key}, nullptr, {}, order)
    {}

    [[nodiscard]] const Caption& header() const { return window->appBar().content().caption; }
    /// Of the test whose result the slot shows.
    [[nodiscard]] std::string batchOf(int slot)
    {
        const auto& state = controller->board().state({slot});
        const auto* finished = std::get_if<::enroll::station::SlotFinished>(&state);
        return finished == nullptr ? "no result of " + std::to_string(state.index()) : finished->run.batch.text();
    }
    void finishes(int slot, const std::string& batch)
    {
        QTRY_COMPARE_WITH_TIMEOUT(QString::fromStdString(batchOf(slot)), QString::fromStdString(batch), kPatience);
    }
};

} // namespace

class RunOrderTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    /// No serial is asked for that would be refused.
    void aStationThatPassedItsCheckSaysWhatComesFirst()
    {
        Line line(2, ::enroll::station::WorkOrder{Need::Required});
        line.runScreen->sayChecked({});
        QVERIFY(line.tells(ScanNews::Checked));
        QCOMPARE(line.message().next, orderWantedMessage().headline);
        line.scan(QStringLiteral("WO-4711"));
        line.runScreen->sayChecked({});
        QCOMPARE(line.message().next, idleMessage(line.controller->board()).headline);
    }

    void aScannedOrderIsThatOfTheTestsThatFollow()
    {
        Line line(2);
        QCOMPARE(line.header().order, QString());
        line.scan(QStringLiteral("WO-4711"));
        QVERIFY(line.tells(ScanNews::OrderTaken));
        QCOMPARE(line.header().order, QStringLiteral("WO-4711"));
        QVERIFY(line.header().orderRemark.isEmpty());
        line.scan(QStringLiteral("GX-000181"));
        line.scan(Command::StartAll);
        line.finishes(1, "WO-4711");
    }

    void aTestWithoutAnOrderHasNone()
    {
        Line line(2);
        line.scan(QStringLiteral("GX-000181"));
        line.scan(Command::StartAll);
        line.finishes(1, "");
    }

    /// Nothing held for it when it was scanned.
    void aSerialThatWaitedWithoutAnOrderGetsTheOneOfItsStart()
    {
        Line line(2);
        line.scan(QStringLiteral("GX-000181"));
        line.scan(QStringLiteral("WO-4711"));
        line.scan(Command::StartAll);
        line.finishes(1, "WO-4711");
    }

    void whatWaitsAndWhatRunsKeepsItsOrder()
    {
        Line line(4, ::enroll::station::WorkOrder{}, stallingDevice);
        line.scan(QStringLiteral("WO-4711"));
        line.scan(QStringLiteral("GX-000181"));
        line.scan(Command::StartAll);
        line.scan(QStringLiteral("GX-000182"));
        line.scan(QStringLiteral("WO-4712"));
        QVERIFY(line.tells(ScanNews::OrderTaken));
        QVERIFY(line.message().next.contains(QStringLiteral("1-2")));
        QCOMPARE(line.header().order, QStringLiteral("WO-4712"));
        line.scan(QStringLiteral("GX-000183"));
        line.scan(Command::StartAll);
        line.controller->stopAll();
        line.finishes(1, "WO-4711");
        line.finishes(2, "WO-4711");
        line.finishes(3, "WO-4712");
    }

    void aSerialInHandKeepsItsOrder()
    {
        Line line(2, ::enroll::station::WorkOrder{}, {}, enrollment::PairingRule::Insert);
        line.scan(QStringLiteral("WO-4711"));
        line.scan(QStringLiteral("GX-000181"));
        line.scan(QStringLiteral("WO-4712"));
        QVERIFY(line.tells(ScanNews::OrderTaken));
        QVERIFY(line.message().next.contains(QStringLiteral("GX-000181")));
        QVERIFY(line.controller->workOrder().orderOf(enrollment::SerialNumber{"GX-000181"}).text() == "WO-4711");
    }

    void theSameOrderChangesNothing()
    {
        Line line(2);
        line.scan(QStringLiteral("WO-4711"));
        line.scan(QStringLiteral("GX-000181"));
        line.scan(QStringLiteral("WO-4711"));
        QVERIFY(line.tells(ScanNews::OrderTaken));
        QVERIFY(!line.message().next.contains(QLatin1Char('1')));
        line.scan(Command::StartAll);
        line.finishes(1, "WO-4711");
    }

    void aSerialThatIsTakenOutAndScannedAgainGetsTheNewOrder()
    {
        Line line(2);
        line.scan(QStringLiteral("WO-4711"));
        line.scan(QStringLiteral("GX-000181"));
        line.choose(1);
        line.press(Qt::Key_F7);
        QVERIFY(line.tells(ScanNews::TakenBack, 1));
        line.scan(QStringLiteral("WO-4712"));
        line.choose(1);
        line.scan(QStringLiteral("GX-000181"));
        line.scan(Command::StartAll);
        line.finishes(1, "WO-4712");
    }

    void aTestThatIsMadeAgainKeepsItsOrder()
    {
        Line line(1, ::enroll::station::WorkOrder{}, stallingDevice);
        line.scan(QStringLiteral("WO-4711"));
        line.scan(QStringLiteral("GX-000181"));
        line.scan(Command::StartAll);
        line.controller->stop({1});
        line.finishes(1, "WO-4711");
        line.scan(QStringLiteral("WO-4712"));
        line.press(Qt::Key_F4);
        QVERIFY(line.tile(1).look == TileLook::Running);
        line.controller->stop({1});
        line.finishes(1, "WO-4711");
    }

    void withoutTheOrderThatIsRequiredNothingIsTested()
    {
        Line line(2, ::enroll::station::WorkOrder{Need::Required});
        QVERIFY(line.tells(ScanNews::OrderWanted));
        line.scan(QStringLiteral("GX-000181"));
        QVERIFY(line.refuses(ScanCode::OrderMissing));
        QVERIFY(!line.controller->board().slotOf(enrollment::SerialNumber{"GX-000181"}));
        line.scan(QStringLiteral("nonsense"));
        QVERIFY(line.refuses(ScanCode::NotASerialNumber));
        line.press(Qt::Key_Escape);
        QVERIFY(line.tells(ScanNews::OrderWanted));
        line.scan(Command::StartAll);
        QVERIFY(line.refuses(ScanCode::OrderMissing));
        line.scan(QStringLiteral("WO-4711"));
        line.scan(QStringLiteral("GX-000181"));
        QVERIFY(line.tells(ScanNews::Ready, 1));
        line.press(Qt::Key_Escape);
        QVERIFY(line.tells(ScanNews::Idle));
        line.scan(Command::StartAll);
        line.finishes(1, "WO-4711");
    }

    void anOrderFromBeforeTheRestartSaysSo()
    {
        Line line(2, ::enroll::station::WorkOrder{Need::Required, enrollment::BatchId{"WO-4711"}});
        QVERIFY(line.tells(ScanNews::OrderFromBefore));
        QCOMPARE(line.header().order, QStringLiteral("WO-4711"));
        QVERIFY(!line.header().orderRemark.isEmpty());
        line.scan(QStringLiteral("GX-000181"));
        line.scan(Command::StartAll);
        line.finishes(1, "WO-4711");
        QVERIFY(!line.header().orderRemark.isEmpty());
        line.scan(QStringLiteral("WO-4711")); // the line is at it indeed
        QVERIFY(line.header().orderRemark.isEmpty());
    }

    void whatIsTakenIsKept()
    {
        const auto kept = std::make_shared<Kept>();
        RunSetup setup;
        setup.devices.emplace(enrollment::SlotNumber{1}, "tcp://127.0.0.1:2321");
        setup.duty = kept;
        RunController controller(std::move(setup));
        QVERIFY(controller.takeOrder(enrollment::BatchId{"WO-4711"}).ok());
        QVERIFY(kept->duty.order->batch.text() == "WO-4711");
        QVERIFY(kept->duty.order->takenAt > UtcTime{});
    }

    /// It belongs to the line, whatever the station cannot do just now.
    void anOrderIsTakenWhileTestingIsStopped()
    {
        Line line(2);
        line.controller->stopTesting(makeError(ScanCode::OrderMissing, "any reason"));
        line.scan(QStringLiteral("WO-4711"));
        QVERIFY(line.tells(ScanNews::OrderTaken));
        QCOMPARE(line.header().order, QStringLiteral("WO-4711"));
    }

    void slotsAreNamedShortly()
    {
        Line line(16);
        line.scan(QStringLiteral("WO-4711"));
        line.fillAll();
        line.scan(QStringLiteral("WO-4712"));
        QVERIFY(line.message().next.contains(QStringLiteral("1-16")));
        line.choose(5);
        line.press(Qt::Key_F7);
        line.scan(QStringLiteral("WO-4713"));
        QVERIFY(line.message().next.contains(QStringLiteral("1-4, 6-16")));
    }
};

QTEST_MAIN(RunOrderTest)
#include "tst_run_order.moc"
