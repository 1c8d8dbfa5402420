#include "core/station/chosen_slot.h"

#include <QTest>

using namespace enroll;
using namespace enroll::station;
using enrollment::SerialNumber;
using enrollment::SlotNumber;

namespace {

std::string serialOfSlot(int slot)
{
    return "GX-00000" + std::to_string(slot);
}

void run(SlotBoard& board, int slot)
{
    board.apply({slot}, SerialBound{SerialNumber{serialOfSlot(slot)}});
    board.apply({slot}, RunStarted{});
}

void finish(SlotBoard& board, int slot, Outcome outcome, std::chrono::seconds endsAt = {})
{
    run(board, slot);
    enrollment::AttestationRun result;
    result.serialNumber = SerialNumber{serialOfSlot(slot)};
    result.outcome = outcome;
    result.startedAt = UtcTime{endsAt};
    board.apply({slot}, RunFinished{result});
}

using Slot = std::optional<SlotNumber>;

Slot slot(int number)
{
    return SlotNumber{number};
}

} // namespace

class TestChosenSlot : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void stopsTheChosenOrTheOnlyRun()
    {
        SlotBoard board({{1}, {2}, {3}});
        QVERIFY(!slotToStop(board, {}));
        run(board, 2);
        QVERIFY(slotToStop(board, {}) == slot(2));
        QVERIFY(slotToStop(board, slot(2)) == slot(2));
        QVERIFY(!slotToStop(board, slot(1))); // it does not run, and the run in slot 2 was not meant
        QVERIFY(!slotToStop(board, slot(9)));
        run(board, 3);
        QVERIFY(!slotToStop(board, {}));
        QVERIFY(slotToStop(board, slot(3)) == slot(3));
    }

    /// One result is left, and the code is read once more: it was not meant.
    void acknowledgesTheChosenSlotOrThatOfASingleOne()
    {
        SlotBoard board({{1}, {2}});
        finish(board, 2, Outcome::Fail);
        QVERIFY(!slotToAcknowledge(board, {}));
        QVERIFY(slotToAcknowledge(board, slot(2)) == slot(2));
        SlotBoard single(std::vector<SlotNumber>{{1}});
        finish(single, 1, Outcome::Fail);
        QVERIFY(slotToAcknowledge(single, {}) == slot(1));
    }

    void looksAtTheChosenSlotOrAtTheLatestResult()
    {
        using namespace std::chrono_literals;
        SlotBoard board({{1}, {2}, {3}});
        run(board, 3);
        QVERIFY(!slotToLookAt(board, {}));
        finish(board, 2, Outcome::Fail, 200s);
        QVERIFY(slotToLookAt(board, {}) == slot(2));
        finish(board, 1, Outcome::Pass, 100s); // its news came later, its run ended before
        QVERIFY(slotToLookAt(board, {}) == slot(2));
        QVERIFY(slotToLookAt(board, slot(3)) == slot(3));
        const SlotBoard single(std::vector<SlotNumber>{{1}});
        QVERIFY(slotToLookAt(single, {}) == slot(1));
    }
};

QTEST_GUILESS_MAIN(TestChosenSlot)
#include "tst_chosen_slot.moc"
