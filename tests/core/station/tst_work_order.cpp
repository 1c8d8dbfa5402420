#include "core/base/scan_code.h"
#include "core/station/work_order.h"
#include "tests/support/every_sequence.h"

#include <QTest>

#include <functional>

using namespace enroll;
using namespace enroll::station;
using enrollment::BatchId;
using enrollment::SerialNumber;

namespace {

const BatchId kOne{"WO-4711"};
const BatchId kTwo{"WO-4712"};
const SerialNumber kFirst{"GX-000181"};
const SerialNumber kSecond{"GX-000182"};

/// A station with a few serial numbers, and what it should do, said plainly: a serial number has the first order under which
/// it was scanned, and that of the moment if there was none.
struct Line {
    void take(const BatchId& batch)
    {
        const auto taken = order.take(batch, waiting);
        QVERIFY(taken.before == current);
        current = batch;
        std::set<SerialNumber> others;
        for (const auto& serial : waiting) {
            if (expected.contains(serial) && expected.at(serial) != batch) {
                others.insert(serial);
            }
        }
        QVERIFY(taken.keepTheirs == others);
    }
    void scan(const SerialNumber& serial)
    {
        order.scanned(serial, waiting);
        if (waiting.insert(serial).second) {
            expected.erase(serial);
        }
        if (current) { // read twice, it keeps the one that it has
            expected.emplace(serial, *current);
        }
    }
    void end(const SerialNumber& serial) { waiting.erase(serial); }
    void check() const
    {
        QVERIFY(order.current() == current);
        for (const auto& serial : waiting) {
            const auto own = expected.find(serial);
            QVERIFY(order.orderOf(serial) == (own == expected.end() ? current.value_or(BatchId{}) : own->second));
        }
    }

    WorkOrder order;
    std::optional<BatchId> current;
    std::set<SerialNumber> waiting;
    std::map<SerialNumber, BatchId> expected;
};

} // namespace

class WorkOrderTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everySerialHasTheOrderOfItsScan()
    {
        const std::vector<std::function<void(Line&)>> acts{
            [](Line& line) { line.take(kOne); },   [](Line& line) { line.take(kTwo); },
            [](Line& line) { line.scan(kFirst); }, [](Line& line) { line.scan(kSecond); },
            [](Line& line) { line.end(kFirst); },  [](Line& line) { line.end(kSecond); },
        };
        test::doEverySequence(acts, 6);
    }

    void anOrderThatIsRequiredMustBeThere()
    {
        using enum WorkOrder::Need;
        QVERIFY(WorkOrder{Optional}.requireOne().ok());
        WorkOrder order{Required};
        QVERIFY(order.requireOne().error().code == ScanCode::OrderMissing);
        order.take(kOne, {});
        QVERIFY(order.requireOne().ok());
        QVERIFY((WorkOrder{Required, kOne}.requireOne().ok())); // of before the restart
    }

    void whatWasTakenBeforeTheRestartHoldsAndSaysSo()
    {
        WorkOrder order{WorkOrder::Need::Optional, kOne};
        QVERIFY(order.current() == kOne && order.isFromBefore());
        QVERIFY(order.orderOf(kFirst) == kOne);
        order.scanned(kFirst, {});
        QVERIFY(order.isFromBefore());
        QVERIFY((order.take(kOne, {kFirst}) == OrderTaken{kOne, {}})); // the line is at it indeed
        QVERIFY(!order.isFromBefore());
        QVERIFY(!WorkOrder{}.isFromBefore());
    }

    /// A test that was stopped is made again for the order that it was made for.
    void aTestThatIsRepeatedKeepsItsOrder()
    {
        WorkOrder order{WorkOrder::Need::Optional, kTwo};
        order.repeats(kFirst, kOne);
        QVERIFY(order.orderOf(kFirst) == kOne);
        order.repeats(kSecond, BatchId{}); // it was made for none
        QVERIFY(order.orderOf(kSecond) == kTwo);
        order.scanned(kFirst, {});
        QVERIFY(order.orderOf(kFirst) == kTwo);
    }
};

QTEST_APPLESS_MAIN(WorkOrderTest)
#include "tst_work_order.moc"
